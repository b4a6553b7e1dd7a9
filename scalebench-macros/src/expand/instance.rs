//! Generic functions: one instantiation for each listed type and constant.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ConstParam, Expr, GenericParam, Type, TypeParam};

use crate::ast::Benchmark;
use crate::source;

use super::tokens::{item, private};

/// One choice of the generic parameters. The parameter's name stands for the choice throughout the registration, as an
/// alias or a constant, so that types and expressions can use it.
#[derive(Default, Clone)]
pub(super) struct Instance {
    /// The alias and the constant.
    pub(super) items: TokenStream,
    /// The choice as parameters of one value, which makes it part of the benchmark's id.
    pub(super) parameters: Vec<TokenStream>,
    /// The function's generic arguments.
    pub(super) arguments: Vec<TokenStream>,
}

/// Every combination of types and constants; a function without generic parameters has the one empty choice.
pub(super) fn all(benchmark: &Benchmark) -> Vec<Instance> {
    let private = private(&benchmark.options);
    let mut instances = vec![Instance::default()];
    for parameter in &benchmark.signature.generics.params {
        let choices: Vec<Instance> = match parameter {
            GenericParam::Lifetime(_) => continue,
            GenericParam::Type(parameter) => {
                let types = benchmark
                    .options
                    .types
                    .iter()
                    .flat_map(|types| &types.elements);
                types.map(|ty| of_type(parameter, ty, &private)).collect()
            }
            GenericParam::Const(parameter) => {
                let consts = benchmark
                    .options
                    .consts
                    .iter()
                    .flat_map(|consts| &consts.elements);
                consts
                    .map(|value| of_const(parameter, value, &private))
                    .collect()
            }
        };
        instances = instances
            .iter()
            .flat_map(|first| choices.iter().map(|next| first.clone().with(next)))
            .collect();
    }
    instances
}

impl Instance {
    /// A call of the function with this choice.
    pub(super) fn call(
        &self,
        benchmark: &Benchmark,
        arguments: impl Iterator<Item = TokenStream>,
    ) -> TokenStream {
        let function = item(&benchmark.signature.ident);
        let generics = (!self.arguments.is_empty()).then(|| {
            let arguments = &self.arguments;
            quote!(::<#(#arguments),*>)
        });
        quote!(#function #generics (#(#arguments),*))
    }

    fn with(mut self, next: &Self) -> Self {
        self.items.extend(next.items.clone());
        self.parameters.extend(next.parameters.clone());
        self.arguments.extend(next.arguments.clone());
        self
    }
}

fn of_type(parameter: &TypeParam, ty: &Type, private: &TokenStream) -> Instance {
    let name = item(&parameter.ident);
    let text = source::text(&ty.to_token_stream());
    // A type that is called like the parameter is in scope already, and an alias of itself would be a cycle.
    let itself = name == text.as_str();
    let items = if itself {
        TokenStream::new()
    } else {
        quote_spanned!(Span::mixed_site()=> type #name = #ty;)
    };
    let text = quote_spanned!(Span::mixed_site()=> ::std::borrow::ToOwned::to_owned(#text));
    Instance {
        items,
        parameters: vec![of_one_value(&name, &text, private)],
        arguments: vec![name.to_token_stream()],
    }
}

fn of_const(parameter: &ConstParam, value: &Expr, private: &TokenStream) -> Instance {
    let name = item(&parameter.ident);
    let ty = &parameter.ty;
    let source = source::text(&value.to_token_stream());
    let items = quote_spanned!(Span::mixed_site()=> const #name: #ty = #value;);
    let text = quote_spanned! {Span::mixed_site()=> {
        use #private::{DisplayText as _, SourceText as _};
        (&#private::ValueText(&#name)).value_text(#source)
    }};
    let argument = quote_spanned!(Span::mixed_site()=> { #name });
    Instance {
        items,
        parameters: vec![of_one_value(&name, &text, private)],
        arguments: vec![argument],
    }
}

fn of_one_value(name: &Ident, text: &TokenStream, private: &TokenStream) -> TokenStream {
    let name = name.to_string();
    quote_spanned! {Span::mixed_site()=>
        #private::ValuesParameter {
            name: #name,
            values: || ::std::vec![#text],
            from_text: ::core::option::Option::None,
        }
    }
}
