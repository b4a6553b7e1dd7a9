//! A group: one registration for each of its functions, and one launch function for all.
//!
//! ```text
//! const __SCALEBENCH_GROUP: () = {
//!     static __SCALEBENCH_SHARES: EntryGroup = EntryGroup { shares: &[3, 1], … };
//!     fn __scalebench_launch(launch: Launch<'_>, choice: &[usize]) {
//!         let state_0 = …;
//!         launch.roles(__SCALEBENCH_SHARES.shares, &[GroupMember::new(…), GroupMember::new(…)]);
//!     }
//!     const _: () = { static __SCALEBENCH_ENTRY: Entry = Entry { name: "read", … }; };
//!     const _: () = { static __SCALEBENCH_ENTRY: Entry = Entry { name: "write", … }; };
//! };
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::ast::Benchmark;
use crate::group::Group;
use crate::parameter::Owner;

use super::instance::Instance;
use super::launch::Writer;
use super::tokens::{at, hidden, moved, private};
use super::{check_conditions, check_threads, entry, values, work};

/// The type, found by error messages where `place` is.
pub(crate) fn located(ty: &Type, place: &Type) -> Type {
    Type::Verbatim(moved(&ty.to_token_stream(), at(place)))
}

/// What stands at the end of the module. The functions' own lints hold inside of it, as those of the module do.
pub(crate) fn registration(group: &Group) -> TokenStream {
    let Some((first, _)) = group.members.first() else {
        return TokenStream::new();
    };
    let private = private(&first.options);
    let check = check_threads(&first.options, &private);
    let conditions = group.members.iter().map(|(member, _)| {
        // The group's own conditions are checked once, with the first.
        let begin = if member.member == Some(0) {
            0
        } else {
            group.shared.len()
        };
        check_conditions(&member.parameters[begin..])
    });
    let conditions: TokenStream = conditions.collect();
    let lints = group
        .members
        .iter()
        .flat_map(|(member, _)| member.attributes.iter().filter_map(super::lint));
    let values = values::text_functions(first, &private);
    let launch = launch(group, first, &private);
    let statics = shares(group, &private);
    let members = group.members.iter().map(|(member, _)| {
        let instance = Instance::default();
        let (entry, work) = (
            entry(member, &instance, &private),
            work::function(member, &instance, &private),
        );
        quote_spanned!(Span::mixed_site()=> const _: () = { #entry #work };)
    });
    quote_spanned! {Span::mixed_site()=>
        #check
        #conditions
        #[doc(hidden)]
        #(#lints)*
        const __SCALEBENCH_GROUP: () = {
            #statics
            #values
            #launch
            #(#members)*
        };
    }
}

/// The static that the functions' entries point at.
fn shares(group: &Group, private: &TokenStream) -> TokenStream {
    let kind = Ident::new(
        if group.is_mix { "Mix" } else { "Roles" },
        Span::mixed_site(),
    );
    let shares = group.members.iter().map(|(_, share)| share);
    quote_spanned! {Span::mixed_site()=>
        static __SCALEBENCH_SHARES: #private::EntryGroup = #private::EntryGroup {
            module_path: ::core::module_path!(),
            kind: #private::GroupKind::#kind,
            shares: &[#(#shares),*],
        };
    }
}

/// `fn __scalebench_launch`.
fn launch(group: &Group, first: &Benchmark, private: &TokenStream) -> TokenStream {
    let chosen = values::chosen(first, 0, private);
    let first = Writer {
        benchmark: first,
        private,
    };
    let made = |owner| {
        let own = group.shared.iter().enumerate();
        own.filter(move |(_, made)| made.owner == owner)
    };
    let shared = made(Owner::Shared).map(|(index, _)| {
        let (state, value) = (hidden("state", index), first.made(index));
        quote_spanned!(Span::mixed_site()=> let #state = #value;)
    });
    // What all share of a window is made by whichever function is first.
    let common = made(Owner::Window).next().map(|_| {
        let common = first.common_closure();
        quote_spanned!(Span::mixed_site()=> let common = #private::GroupFresh::new(#common);)
    });
    let members = group
        .members
        .iter()
        .map(|(benchmark, _)| member(&Writer { benchmark, private }, common.is_some()));
    let mode = Ident::new(
        if group.is_mix { "mix" } else { "roles" },
        Span::mixed_site(),
    );
    quote_spanned! {Span::mixed_site()=>
        fn __scalebench_launch(launch: #private::Launch<'_>, choice: &[::core::primitive::usize]) {
            let _ = choice;
            #chosen
            #(#shared)*
            #common
            launch.#mode(__SCALEBENCH_SHARES.shares, &[#(#members),*]);
        }
    }
}

/// `GroupMember::new(…)`: how one function of the group is called.
fn member(writer: &Writer<'_>, has_common: bool) -> TokenStream {
    let private = writer.private;
    let (own, input) = (writer.own_closure(), writer.input_closure());
    let call = writer.call_closure(&Instance::default());
    if !writer.renews() {
        return quote_spanned!(Span::mixed_site()=> #private::GroupMember::new(#own, #input, #call));
    }
    let fresh = writer.fresh_closure();
    let common = if has_common {
        quote_spanned!(Span::mixed_site()=> || common.get())
    } else {
        writer.common_closure()
    };
    quote_spanned!(Span::mixed_site()=> #private::GroupMember::fresh(#own, #common, #fresh, #input, #call))
}

/// The field of an entry's options.
pub(super) fn field(benchmark: &Benchmark, private: &TokenStream) -> Option<TokenStream> {
    let index = benchmark.member?;
    Some(quote_spanned! {Span::mixed_site()=>
        member: ::core::option::Option::Some(#private::EntryMember { group: &__SCALEBENCH_SHARES, index: #index }),
    })
}
