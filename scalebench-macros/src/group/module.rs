//! The module under the attribute, and its functions with our attributes taken off.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, FnArg, Item, ItemFn, ItemMod, Meta, Result, Signature, Stmt,
    parse_quote_spanned,
};

use crate::nearest::nearest;
use crate::parameter::Written;
use crate::source;

/// The attributes that say what a function of the module is.
const MARKS: [&str; 3] = ["role", "shared", "fresh"];

/// A module with its contents in place.
pub(super) struct Module(ItemMod);

/// A function of the module.
pub(super) struct Function {
    /// Our attributes on it, or what was most likely meant to be one.
    pub(super) marks: Vec<Meta>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) signature: Signature,
    pub(super) parameters: Vec<Written>,
}

/// The functions by what they are.
#[derive(Default)]
pub(super) struct Sorted {
    /// With `#[shared]` or `#[fresh]`, and whether it is the latter.
    pub(super) shared: Vec<(bool, Function)>,
    /// With `#[role]`, which is kept.
    pub(super) roles: Vec<(Meta, Function)>,
    /// All others.
    pub(super) others: Vec<Function>,
}

impl Module {
    /// Reads the item under the attribute.
    pub(super) fn read(item: TokenStream) -> Result<Self> {
        match syn::parse2(item) {
            Ok(Item::Mod(module)) if module.content.is_some() => Ok(Self(module)),
            Ok(Item::Mod(module)) => Err(Error::new_spanned(
                module.ident,
                "write the module out here, as in `mod cache { ... }`: the attribute cannot see into another file",
            )),
            Ok(Item::Fn(function)) => Err(Error::new_spanned(
                function.sig.fn_token,
                "`#[scale_bench_group]` measures the functions of a module, and this is a function: put it on `mod name \
                 { ... }`, or write `#[scale_bench]` to measure this one",
            )),
            Ok(other) => Err(Error::new(first_span(&other), NOT_A_MODULE)),
            Err(error) => Err(error),
        }
    }

    pub(super) fn name(&self) -> &Ident {
        &self.0.ident
    }

    /// Takes our attributes off all functions but those that are benchmarks of their own.
    pub(super) fn take_functions(&mut self) -> Vec<Function> {
        let items = self.0.content.iter_mut().flat_map(|(_, items)| items);
        let functions = items.filter_map(|item| match item {
            Item::Fn(function) if !is_benchmark(function) => Some(Function::take(function)),
            _ => None,
        });
        functions.collect()
    }

    /// Makes the body of a function use these parameters before anything else, as `#[scale_bench]` does.
    pub(super) fn use_first(&mut self, function: &Ident, names: &[&Ident]) {
        let items = self.0.content.iter_mut().flat_map(|(_, items)| items);
        let uses = names
            .iter()
            .map(|name| -> Stmt { parse_quote_spanned!(Span::mixed_site()=> let _ = &#name;) });
        for item in items {
            if let Item::Fn(item) = item
                && item.sig.ident == *function
            {
                item.block.stmts.splice(0..0, uses);
                return;
            }
        }
    }

    /// Adds an item at the end.
    pub(super) fn push(&mut self, item: Item) {
        if let Some((_, items)) = &mut self.0.content {
            items.push(item);
        }
    }

    pub(super) fn into_tokens(self) -> TokenStream {
        self.0.into_token_stream()
    }
}

const NOT_A_MODULE: &str =
    "`#[scale_bench_group]` measures the functions of a module: put it on `mod name { ... }`";

fn first_span(item: &Item) -> Span {
    let first = item.to_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}

fn is_benchmark(function: &ItemFn) -> bool {
    let mut paths = function.attrs.iter().map(Attribute::path);
    paths.any(|path| {
        path.segments
            .last()
            .is_some_and(|last| last.ident == "scale_bench")
    })
}

impl Function {
    fn take(function: &mut ItemFn) -> Self {
        let (marks, attributes): (Vec<_>, Vec<_>) = function
            .attrs
            .drain(..)
            .partition(|attribute| is_mark(&attribute.meta));
        function.attrs.clone_from(&attributes);
        let parameters = function.sig.inputs.iter_mut();
        let parameters = parameters.filter_map(|input| match input {
            FnArg::Typed(typed) => Some(Written::take(typed)),
            FnArg::Receiver(_) => None,
        });
        Self {
            parameters: parameters.collect(),
            marks: marks.into_iter().map(|mark| mark.meta).collect(),
            attributes,
            signature: function.sig.clone(),
        }
    }
}

fn is_mark(meta: &Meta) -> bool {
    MARKS.iter().any(|mark| meta.path().is_ident(mark)) || misnamed(meta).is_some()
}

/// The message for an attribute that was most likely meant to be one of ours.
fn misnamed(meta: &Meta) -> Option<String> {
    let name = meta.path().get_ident()?.to_string();
    if MARKS.contains(&name.as_str()) {
        return None;
    }
    nearest(&name, &MARKS).map(|mark| format!("there is no `#[{name}]`; did you mean `#[{mark}]`?"))
}

impl Sorted {
    /// Sorts the functions by their marks.
    ///
    /// # Errors
    /// On a mark that is misspelled, given twice, or beside the other.
    pub(super) fn of(functions: Vec<Function>) -> Result<Self> {
        let mut sorted = Self::default();
        for mut function in functions {
            let mut marks = std::mem::take(&mut function.marks).into_iter();
            let Some(mark) = marks.next() else {
                sorted.others.push(function);
                continue;
            };
            if let Some(message) = misnamed(&mark) {
                return Err(Error::new_spanned(mark.path(), message));
            }
            if let Some(second) = marks.next() {
                return Err(Error::new(second.span(), beside(&mark, &second)));
            }
            if mark.path().is_ident("role") {
                sorted.roles.push((mark, function));
                continue;
            }
            let fresh = mark.path().is_ident("fresh");
            if !matches!(mark, Meta::Path(_)) {
                let name = if fresh { "fresh" } else { "shared" };
                let message =
                    format!("`#[{name}]` takes nothing here: the function's body makes the state");
                return Err(Error::new_spanned(mark, message));
            }
            sorted.shared.push((fresh, function));
        }
        Ok(sorted)
    }
}

fn beside(first: &Meta, second: &Meta) -> String {
    let name = |meta: &Meta| source::text(&meta.path().to_token_stream());
    let (first, second) = (name(first), name(second));
    if first == second {
        return format!("`#[{first}]` is given twice; keep one");
    }
    if first == "role" || second == "role" {
        return format!(
            "`#[{first}]` and `#[{second}]` exclude each other: a role is called, and the other makes what the roles take"
        );
    }
    "`#[shared]` state is made once a launch, and `#[fresh]` state for every window: keep one"
        .to_owned()
}
