//! `#[with(…)]`, `#[fresh(…)]` and `#[values(…)]`: how what a parameter takes is made.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Meta, RangeLimits, Result, Token};

use crate::nearest::nearest;
use crate::options::{distinct, ungroup};
use crate::source;

/// The attributes that say how a parameter is made.
const MAKERS: [&str; 4] = ["with", "fresh", "shared", "values"];

/// Attributes that the language itself allows on a parameter.
const BUILT_IN: [&str; 8] = [
    "allow", "cfg", "cfg_attr", "deny", "doc", "expect", "forbid", "warn",
];

/// How what a parameter takes is made.
#[derive(Clone)]
pub(crate) enum Maker {
    /// `#[with(expression)]`.
    With(TokenStream),
    /// `#[fresh(expression)]`, or `#[fresh]` for `Default::default()`.
    Fresh(Option<TokenStream>),
    /// `#[shared(expression)]`: made in one process for all of them, which get its text.
    Shared(TokenStream),
    /// `Default::default()`.
    Default,
    /// `#[values(…)]`.
    Values(Vec<Value>),
}

/// An element of `#[values(…)]`.
#[derive(Clone)]
pub(crate) enum Value {
    /// One value.
    One(Expr),
    /// Every value of a range with both ends.
    Range(Expr),
    /// A `const`: one value, or a slice or an array of them.
    Constant(Expr),
}

impl Value {
    /// As it was written.
    pub(crate) fn expression(&self) -> &Expr {
        let (Self::One(expression) | Self::Range(expression) | Self::Constant(expression)) = self;
        expression
    }
}

/// The attributes of a parameter, sorted.
#[derive(Default)]
pub(crate) struct Attributes {
    /// Those that are ours, or were most likely meant to be.
    pub(crate) makers: Vec<Meta>,
    /// The conditions of those that stood in a `cfg_attr`.
    pub(crate) conditions: Vec<TokenStream>,
    /// All others, which stay.
    pub(crate) others: Vec<Attribute>,
}

impl Maker {
    /// The expression that makes it, where one is written.
    pub(crate) fn expression(&self) -> Option<&TokenStream> {
        match self {
            Self::With(expression) | Self::Shared(expression) => Some(expression),
            Self::Fresh(expression) => expression.as_ref(),
            Self::Default | Self::Values(_) => None,
        }
    }

    /// For what is made by `Default`: the attribute that would say otherwise.
    pub(crate) fn defaulted(&self) -> Option<&'static str> {
        match self {
            Self::Default => Some("#[with(...)]"),
            Self::Fresh(None) => Some("#[fresh(...)]"),
            Self::With(_) | Self::Shared(_) | Self::Fresh(Some(_)) | Self::Values(_) => None,
        }
    }
}

impl Attributes {
    /// Sorts the attributes of a parameter.
    ///
    /// A condition cannot be evaluated here; whoever writes one on the function repeats it on the parameters. So it is
    /// taken to hold, and the expansion checks that it does.
    pub(crate) fn sort(attributes: impl IntoIterator<Item = Attribute>) -> Self {
        let mut sorted = Self::default();
        for attribute in attributes {
            if is_ours(&attribute.meta) {
                sorted.makers.push(attribute.meta);
            } else if let Some((condition, makers)) = conditional(&attribute.meta) {
                sorted.conditions.push(condition);
                sorted.makers.extend(makers);
            } else {
                sorted.others.push(attribute);
            }
        }
        sorted
    }

    /// How the parameter is made.
    ///
    /// # Errors
    /// When that is said twice, or not in full.
    pub(crate) fn maker(&self) -> Result<Maker> {
        let Some(first) = self.makers.first() else {
            return Ok(Maker::Default);
        };
        let name = source::text(&first.path().to_token_stream());
        if let Some(message) = misnamed(first) {
            return Err(Error::new_spanned(first.path(), message));
        }
        if let Some(second) = self.makers.get(1) {
            let other = source::text(&second.path().to_token_stream());
            let message = misnamed(second).unwrap_or_else(|| twice(&name, &other));
            return Err(Error::new_spanned(second.path(), message));
        }
        match name.as_str() {
            "with" => with(first, WITH).map(Maker::With),
            "shared" => with(first, SHARED).map(Maker::Shared),
            "fresh" if matches!(first, Meta::Path(_)) => Ok(Maker::Fresh(None)),
            "fresh" => with(first, FRESH).map(|expression| Maker::Fresh(Some(expression))),
            _ => values(first),
        }
    }
}

/// The message for two attributes on one parameter.
fn twice(first: &str, second: &str) -> String {
    if first == second {
        return format!("`#[{first}]` is given twice; keep one");
    }
    let why = if [first, second].contains(&"values") {
        "values are given, not made"
    } else {
        "state is made once a launch or once a window"
    };
    format!("`#[{first}]` and `#[{second}]` exclude each other: {why}; keep one")
}

/// A `cfg_attr` around our attributes alone, as its condition and them.
fn conditional(meta: &Meta) -> Option<(TokenStream, Vec<Meta>)> {
    let Meta::List(list) = meta else { return None };
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    let parts = list
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    let mut parts = parts.into_iter();
    let condition = parts.next()?.to_token_stream();
    let attributes: Vec<Meta> = parts.collect();
    (!attributes.is_empty() && attributes.iter().all(is_ours)).then_some((condition, attributes))
}

fn is_ours(meta: &Meta) -> bool {
    MAKERS.iter().any(|maker| meta.path().is_ident(maker)) || misnamed(meta).is_some()
}

/// The message for an attribute that was most likely meant to be one of ours.
fn misnamed(meta: &Meta) -> Option<String> {
    let name = meta.path().get_ident()?.to_string();
    if MAKERS.contains(&name.as_str()) || BUILT_IN.contains(&name.as_str()) {
        return None;
    }
    nearest(&name, &MAKERS)
        .map(|maker| format!("there is no `#[{name}]`; did you mean `#[{maker}(...)]`?"))
}

/// An attribute that takes one expression.
struct OneExpression {
    /// What to say when there is none.
    example: &'static str,
    /// What to say when there is more.
    single: &'static str,
}

const WITH: OneExpression = OneExpression {
    example: "write the expression that makes it in parentheses, as in `#[with(Vec::new())]`",
    single: "`#[with(...)]` takes one expression: put several values in a tuple, several steps in braces",
};

const SHARED: OneExpression = OneExpression {
    example: "write the expression that makes it in parentheses, as in `#[shared(Server::start())]`",
    single: "`#[shared(...)]` takes one expression, whose text (`Display`) all processes get: give an address or a path",
};

const FRESH: OneExpression = OneExpression {
    example: "write the expression that makes it in parentheses, as in `#[fresh(Vec::new())]`",
    single: "`#[fresh(...)]` takes one expression: put several values in a tuple, several steps in braces",
};

fn with(meta: &Meta, words: OneExpression) -> Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let expression: Expr = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        if input.is_empty() {
            return Ok(expression);
        }
        Err(input.error(words.single))
    };
    let expression = parser.parse2(arguments(meta, words.example)?)?;
    Ok(expression.into_token_stream())
}

fn values(meta: &Meta) -> Result<Maker> {
    let example = "write the values in parentheses, as in `#[values(16, 1024)]`";
    let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(arguments(meta, example)?)?;
    let elements: Vec<Expr> = list.into_iter().map(ungroup).collect();
    distinct(&elements)?;
    elements
        .into_iter()
        .map(value)
        .collect::<Result<_>>()
        .map(Maker::Values)
}

fn value(element: Expr) -> Result<Value> {
    match element {
        Expr::Range(range) => {
            if range.start.is_some() && range.end.is_some() {
                return Ok(Value::Range(Expr::Range(range)));
            }
            let dots = if matches!(range.limits, RangeLimits::Closed(_)) {
                "..="
            } else {
                ".."
            };
            let message = format!("a range of values needs both ends, as in `1{dots}4`");
            Err(Error::new_spanned(range, message))
        }
        // The parentheses are for us: they say that the range itself is the value.
        Expr::Paren(inner) if matches!(*inner.expr, Expr::Range(_)) => Ok(Value::One(*inner.expr)),
        other if is_constant(&other) => Ok(Value::Constant(other)),
        other => Ok(Value::One(other)),
    }
}

/// Whether an expression is the path of a `const` or a `static`, by the way that those are written.
fn is_constant(expression: &Expr) -> bool {
    let Expr::Path(path) = expression else {
        return false;
    };
    let last = path.path.segments.last();
    let last = last.filter(|last| path.qself.is_none() && last.arguments.is_none());
    let name = last.map_or(String::new(), |last| last.ident.to_string());
    name.contains(char::is_alphabetic) && !name.contains(char::is_lowercase)
}

/// What stands in the parentheses of an attribute, at least one token.
fn arguments(meta: &Meta, example: &str) -> Result<TokenStream> {
    match meta {
        Meta::List(list) if !list.tokens.is_empty() => Ok(list.tokens.clone()),
        _ => Err(Error::new_spanned(meta, example)),
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::FnArg;

    use super::*;

    fn attributes(parameter: TokenStream) -> Attributes {
        let FnArg::Typed(typed) = syn::parse2(parameter).expect("a parameter") else {
            panic!("a method's self")
        };
        Attributes::sort(typed.attrs)
    }

    #[test]
    fn our_attributes_are_taken_and_others_stay() {
        let sorted = attributes(
            quote!(#[allow(unused)] #[with(1)] #[cfg_attr(test, allow(unused))] key: u8),
        );
        assert_eq!(
            (
                sorted.makers.len(),
                sorted.conditions.len(),
                sorted.others.len()
            ),
            (1, 0, 2)
        );
    }

    #[test]
    fn a_condition_is_kept_beside_what_it_stands_around() {
        let sorted = attributes(quote!(#[cfg_attr(feature = "bench", with(1))] key: u8));
        assert!(matches!(sorted.maker(), Ok(Maker::With(_))));
        assert_eq!(source::text(&sorted.conditions[0]), "feature = \"bench\"");
        assert!(sorted.others.is_empty());
    }

    #[test]
    fn ranges_and_constants_are_told_from_values() {
        let sorted = attributes(
            quote!(#[values(1, 2..4, (5..6), SIZES, a::B_2, Kind::Small, f, N::<u8>, (SIZE))] key: u8),
        );
        let Ok(Maker::Values(values)) = sorted.maker() else {
            panic!("values")
        };
        let kinds: String = values
            .iter()
            .map(|value| match value {
                Value::One(_) => '1',
                Value::Range(_) => '.',
                Value::Constant(_) => 'C',
            })
            .collect();
        assert_eq!(kinds, "1.1CC1111");
    }
}
