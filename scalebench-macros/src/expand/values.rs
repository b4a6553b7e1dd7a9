//! `#[values]`: the text of every value, and the value of one choice.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::ext::IdentExt;

use crate::ast::Benchmark;
use crate::maker::{Maker, Value};
use crate::parameter::Parameter;
use crate::scan::mentions;
use crate::source;

use super::tokens::{at, erased, hidden, moved};

/// The parameters with values, with their position among all parameters.
fn with_values(benchmark: &Benchmark) -> impl Iterator<Item = (usize, &Parameter, &[Value])> {
    benchmark
        .parameters
        .iter()
        .enumerate()
        .filter_map(|(index, parameter)| match &parameter.maker {
            Maker::Values(values) => Some((index, parameter, values.as_slice())),
            _ => None,
        })
}

/// What the entry says of them.
pub(super) fn parameters(
    benchmark: &Benchmark,
    private: &TokenStream,
) -> impl Iterator<Item = TokenStream> {
    with_values(benchmark).map(move |(index, parameter, _)| {
        let (name, texts) = (shown_name(index, parameter), text_function(index));
        let ty = erased(benchmark, &parameter.ty);
        let written = source::text(&parameter.ty.to_token_stream());
        let read = read(&ty, private);
        quote_spanned! {Span::mixed_site()=>
            #private::ValuesParameter {
                name: #name,
                values: #texts,
                from_text: ::core::option::Option::Some(#private::FromText {
                    ty: #written,
                    read: |text| {
                        use #private::{DisplayText as _, SourceText as _};
                        #read.text(|value: &#ty| (&#private::ValueText(value)).value_text(text))
                    },
                }),
            }
        }
    })
}

/// What the parameter is called in ids and on the command line.
fn shown_name(index: usize, parameter: &Parameter) -> String {
    let name = parameter.name.as_ref();
    name.map_or_else(|| format!("_{index}"), |name| name.unraw().to_string())
}

/// Reads `text` as a value of the type, by the best way that it has.
fn read(ty: &TokenStream, private: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=> {
        use #private::{ReadFromStr as _, ReadNothing as _, ReadText as _};
        (&&&#private::Typed::<#ty>::new()).read(text)
    }}
}

/// One function for each parameter that gives the text of all its values.
pub(super) fn text_functions(benchmark: &Benchmark, private: &TokenStream) -> TokenStream {
    let functions = with_values(benchmark).map(|(index, parameter, values)| {
        let name = text_function(index);
        let steps = values
            .iter()
            .map(|value| text_step(value, &erased(benchmark, &parameter.ty), private));
        quote_spanned! {Span::mixed_site()=>
            fn #name() -> ::std::vec::Vec<::std::string::String> {
                use #private::{DisplayText as _, SourceText as _};
                let mut texts = ::std::vec::Vec::new();
                #(#steps)*
                texts
            }
        }
    });
    functions.collect()
}

fn text_function(index: usize) -> Ident {
    Ident::new(&format!("__scalebench_values_{index}"), Span::mixed_site())
}

fn text_step(value: &Value, ty: &TokenStream, private: &TokenStream) -> TokenStream {
    let expression = value.expression();
    let source = source::text(&expression.to_token_stream());
    let element = element(expression);
    let push = quote_spanned! {Span::mixed_site()=>
        texts.push((&#private::ValueText(&value)).value_text(#source));
    };
    match value {
        Value::One(_) => {
            quote_spanned!(Span::mixed_site()=> { let value: #ty = #expression; #push })
        }
        Value::Range(_) => quote_spanned! {Span::mixed_site()=>
            for #element in #expression { let value: #ty = #element; #push }
        },
        Value::Constant(_) => {
            let listed = listed(expression, ty, private);
            quote_spanned! {Span::mixed_site()=> {
                let listed: ::std::vec::Vec<#ty> = #listed;
                let count = listed.len();
                for (place, value) in listed.into_iter().enumerate() {
                    let source = #private::element_source(#source, place, count);
                    texts.push((&#private::ValueText(&value)).value_text(&source));
                }
            }}
        }
    }
}

/// The values of a constant: itself, or those that it lists.
fn listed(constant: &Expr, ty: &TokenStream, private: &TokenStream) -> TokenStream {
    let (span, private) = (at(constant), moved(private, at(constant)));
    quote_spanned!(span=> #private::ValueList::<#ty>::value_list(&#constant))
}

/// The statements of the launch function that hold the chosen value of every such parameter; `first` choices belong to
/// the generic parameters.
pub(super) fn chosen(benchmark: &Benchmark, first: usize, private: &TokenStream) -> TokenStream {
    let statements = with_values(benchmark).enumerate();
    let statements = statements.map(|(position, (index, parameter, values))| {
        let (name, position) = (hidden("value", index), first + position);
        let ty = erased(benchmark, &parameter.ty);
        let steps = values.iter().map(|value| choice_step(value, &ty, private));
        let holder = match &benchmark.signature.asyncness {
            Some(_) => Ident::new("TaskShared", at(&parameter.ty)),
            None => Ident::new("Shared", at(&parameter.ty)),
        };
        let held = quote_spanned!(at(&parameter.ty)=> #private::#holder::new(value));
        let (shown, read) = (shown_name(index, parameter), read(&ty, private));
        quote_spanned! {Span::mixed_site()=>
            let #name = {
                let value: #ty = 'value: {
                    if let ::core::option::Option::Some(text) = #private::given(#shown, choice[#position]) {
                        if let #private::Read::Value(value) = #read {
                            break 'value value;
                        }
                    }
                    let mut left = choice[#position];
                    #(#steps)*
                    #private::no_such_value(choice[#position])
                };
                #held
            };
        }
    });
    statements.collect()
}

/// Binds the values that an expression mentions, under the user's own identifiers.
pub(super) fn bindings(benchmark: &Benchmark, expression: &TokenStream) -> TokenStream {
    let bindings = with_values(benchmark).filter_map(|(index, parameter, _)| {
        let name = parameter.name.as_ref()?;
        mentions(expression, &name.to_string())?;
        let (ty, value) = (erased(benchmark, &parameter.ty), hidden("value", index));
        Some(quote_spanned! {Span::mixed_site()=>
            let #name: #ty = ::core::clone::Clone::clone(#value.get());
            let _ = &#name;
        })
    });
    bindings.collect()
}

/// Passes one value, or all those of a range or a constant, unless the one that is sought is among them.
fn choice_step(value: &Value, ty: &TokenStream, private: &TokenStream) -> TokenStream {
    let expression = value.expression();
    let element = element(expression);
    match value {
        Value::One(_) => quote_spanned! {Span::mixed_site()=>
            if left == 0 { let value: #ty = #expression; break 'value value; }
            left -= 1;
        },
        Value::Range(_) => quote_spanned! {Span::mixed_site()=>
            for #element in #expression {
                if left == 0 { let value: #ty = #element; break 'value value; }
                left -= 1;
            }
        },
        Value::Constant(_) => {
            let listed = listed(expression, ty, private);
            quote_spanned! {Span::mixed_site()=>
                let listed: ::std::vec::Vec<#ty> = #listed;
                for value in listed {
                    if left == 0 { break 'value value; }
                    left -= 1;
                }
            }
        }
    }
}

/// A name for the elements of a range, so that an error about their type points at the range.
fn element(range: &Expr) -> Ident {
    Ident::new("element", at(range))
}
