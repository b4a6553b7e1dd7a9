//! One parameter: who owns what it takes, and how that is made.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Meta, Pat, PatType, RangeLimits, Result, Token, Type};

use crate::nearest::nearest;
use crate::options::{distinct, ungroup};

/// The attributes that say how a parameter is made.
const MAKERS: [&str; 2] = ["with", "values"];

/// Attributes that the language itself allows on a parameter.
const BUILT_IN: [&str; 8] = [
    "allow", "cfg", "cfg_attr", "deny", "doc", "expect", "forbid", "warn",
];

/// A parameter as it was written, its makers taken off.
pub(crate) struct Written {
    makers: Vec<Attribute>,
    others: Vec<Attribute>,
    pattern: Pat,
    ty: Type,
}

/// A parameter that is understood.
pub(crate) struct Parameter {
    /// Its name; `_` has none.
    pub(crate) name: Option<Ident>,
    /// Who owns it.
    pub(crate) owner: Owner,
    /// The type of what is made: T of `&T`, `&mut T` and `T`; with `#[values]` the parameter's own type.
    pub(crate) ty: Type,
    /// How it is made.
    pub(crate) maker: Maker,
}

/// Who owns what a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// `&T`: one, shared by all threads.
    Shared,
    /// `&mut T`: one for each thread.
    Thread,
    /// `T`: one for each call.
    Call,
    /// `#[values]`: one for each benchmark, handed out by value.
    Benchmark,
}

/// How what a parameter takes is made.
pub(crate) enum Maker {
    /// `#[with(expression)]`.
    With(TokenStream),
    /// `Default::default()`.
    Default,
    /// `#[values(…)]`.
    Values(Vec<Value>),
}

/// An element of `#[values(…)]`.
pub(crate) enum Value {
    /// One value.
    One(Expr),
    /// Every value of a range with both ends.
    Range(Expr),
}

impl Written {
    /// Takes the attributes that belong to `#[scale_bench]` off a parameter.
    pub(crate) fn take(typed: &mut PatType) -> Self {
        let is_maker =
            |attribute: &Attribute| MAKERS.iter().any(|maker| attribute.path().is_ident(maker));
        let ours = |attribute: &Attribute| is_maker(attribute) || misspelled(attribute).is_some();
        let (makers, others): (Vec<_>, Vec<_>) = typed.attrs.drain(..).partition(ours);
        typed.attrs.clone_from(&others);
        Self {
            makers,
            others,
            pattern: (*typed.pat).clone(),
            ty: (*typed.ty).clone(),
        }
    }

    /// Understands the parameter.
    ///
    /// # Errors
    /// On the token that is wrong, with what to write instead.
    pub(crate) fn read(self) -> Result<Parameter> {
        if let Some(attribute) = self
            .others
            .iter()
            .find(|attribute| is_conditional(attribute))
        {
            let message = "`#[scale_bench]` cannot tell whether this parameter exists: put the condition on the whole \
                           function";
            return Err(Error::new_spanned(attribute, message));
        }
        let name = self.name()?;
        let maker = self.maker()?;
        let (owner, ty) = owner(self.ty, &maker)?;
        refuse_impl_trait(&ty)?;
        if matches!(maker, Maker::Default) && is_unsized(&ty) {
            let text = crate::source::text(&ty.to_token_stream());
            let message = format!(
                "`{text}` has no size of its own, so it has no default: write `#[with(...)]` before the parameter, with \
                 an expression for what it borrows from"
            );
            return Err(Error::new_spanned(ty, message));
        }
        Ok(Parameter {
            name,
            owner,
            ty,
            maker,
        })
    }

    fn name(&self) -> Result<Option<Ident>> {
        match &self.pattern {
            Pat::Ident(pattern) => Ok(Some(pattern.ident.clone())),
            Pat::Wild(_) => Ok(None),
            other => {
                let message = "a parameter needs a plain name here: name it, and take it apart in the body with `let`";
                Err(Error::new_spanned(other, message))
            }
        }
    }

    fn maker(&self) -> Result<Maker> {
        let Some(attribute) = self.makers.first() else {
            return Ok(Maker::Default);
        };
        if let Some(word) = misspelled(attribute) {
            let message = format!(
                "there is no `#[{}]`; did you mean `#[{word}(...)]`?",
                path(attribute)
            );
            return Err(Error::new_spanned(attribute.path(), message));
        }
        if let Some(second) = self.makers.get(1) {
            let message = if path(attribute) == path(second) {
                format!("`#[{}]` is given twice; keep one", path(second))
            } else {
                "`#[with]` and `#[values]` exclude each other: values are given, not made; keep one"
                    .to_owned()
            };
            return Err(Error::new_spanned(second.path(), message));
        }
        if attribute.path().is_ident("with") {
            with(attribute)
        } else {
            values(attribute)
        }
    }
}

fn with(attribute: &Attribute) -> Result<Maker> {
    let example = "write the expression that makes it in parentheses, as in `#[with(Vec::new())]`";
    let tokens = arguments(attribute, example)?;
    let parser = |input: syn::parse::ParseStream<'_>| {
        let expression: Expr = input.parse()?;
        if input.is_empty() {
            return Ok(expression);
        }
        let message = "`#[with(...)]` takes one expression: put several values in a tuple, several steps in braces";
        Err(input.error(message))
    };
    parser.parse2(tokens.clone())?;
    Ok(Maker::With(tokens))
}

fn values(attribute: &Attribute) -> Result<Maker> {
    let example = "write the values in parentheses, as in `#[values(16, 1024)]`";
    let tokens = arguments(attribute, example)?;
    let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens)?;
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
        other => Ok(Value::One(other)),
    }
}

/// What stands in the parentheses of an attribute, at least one token.
fn arguments(attribute: &Attribute, example: &str) -> Result<TokenStream> {
    match &attribute.meta {
        Meta::List(list) if !list.tokens.is_empty() => Ok(list.tokens.clone()),
        _ => Err(Error::new_spanned(attribute, example)),
    }
}

/// Who owns it, and the type of what is made.
fn owner(ty: Type, maker: &Maker) -> Result<(Owner, Type)> {
    if matches!(maker, Maker::Values(_)) {
        return Ok((Owner::Benchmark, ty));
    }
    let Type::Reference(reference) = bare(&ty) else {
        return Ok((Owner::Call, ty));
    };
    if reference
        .lifetime
        .as_ref()
        .is_some_and(|lifetime| lifetime.ident == "static")
    {
        let message = "state lives for a launch, not for `'static`: leave the lifetime out, or give `#[values(...)]`";
        return Err(Error::new_spanned(&reference.lifetime, message));
    }
    let owner = if reference.mutability.is_some() {
        Owner::Thread
    } else {
        Owner::Shared
    };
    Ok((owner, (*reference.elem).clone()))
}

fn refuse_impl_trait(ty: &Type) -> Result<()> {
    match find_word(ty.to_token_stream(), "impl") {
        None => Ok(()),
        Some(word) => {
            let message = "`impl Trait` leaves the type open: name the type, or make the function generic and give \
                           `types = [...]`";
            Err(Error::new_spanned(word, message))
        }
    }
}

pub(crate) fn find_word(tokens: TokenStream, word: &str) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == word).then_some(ident),
        TokenTree::Group(group) => find_word(group.stream(), word),
        _ => None,
    })
}

/// The type inside parentheses and the invisible groups that macro variables arrive in.
fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

/// Whether a type is known to have no size of its own. Such state is held as whatever the expression makes, and
/// borrowed as this type at the call.
pub(crate) fn is_unsized(ty: &Type) -> bool {
    match bare(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| {
                ["str", "Path", "OsStr", "CStr"]
                    .iter()
                    .any(|name| last.ident == name)
            })
        }
        _ => false,
    }
}

/// The maker that an unknown attribute was most likely meant to be.
fn misspelled(attribute: &Attribute) -> Option<&'static str> {
    let name = attribute.path().get_ident()?.to_string();
    if MAKERS.contains(&name.as_str()) || BUILT_IN.contains(&name.as_str()) {
        return None;
    }
    nearest(&name, &MAKERS)
}

fn is_conditional(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

fn path(attribute: &Attribute) -> String {
    crate::source::text(&attribute.path().to_token_stream())
}
