//! `#[shared]` and `#[fresh]`: what is made once, or once for every window, and taken by the functions of a group, each
//! under its own name.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Error, GenericArgument, PathArguments, Result, ReturnType, Type};

use crate::maker::Maker;
use crate::options::Options;
use crate::parameter::{Owner, Parameter, Written};
use crate::valid;

use super::module::Function;

/// What the functions make, in the order of writing, each after the values that it names first.
pub(super) fn read(functions: Vec<(bool, Function)>) -> Result<Vec<Parameter>> {
    let mut made: Vec<Parameter> = Vec::new();
    for (fresh, function) in functions {
        let Function {
            attributes,
            signature,
            parameters,
            ..
        } = function;
        if let Some(token) = &signature.asyncness {
            let message =
                "shared state is made by an ordinary function: block on what is async in its body";
            return Err(Error::new_spanned(token, message));
        }
        valid::check_function(&attributes, &signature, &Options::default())?;
        if !signature.generics.params.is_empty() {
            let message = "a function that makes shared state is not generic: write the types out";
            return Err(Error::new_spanned(&signature.generics, message));
        }
        let mut arguments = Vec::new();
        for written in parameters {
            arguments.push(argument(written, fresh, &mut made)?);
        }
        let name = &signature.ident;
        if at(&made, name).is_some() {
            let message =
                format!("`{name}` is also the name of a value: name one of them otherwise");
            return Err(Error::new_spanned(name, message));
        }
        let (ty, try_) = state(name, &signature.output)?;
        let expression = quote!(#name(#(#arguments),*) #try_);
        let (owner, maker) = match fresh {
            false => (Owner::Shared, Maker::With(expression)),
            true => (Owner::Window, Maker::Fresh(Some(expression))),
        };
        made.push(Parameter {
            name: Some(name.clone()),
            owner,
            ty,
            maker,
            conditions: Vec::new(),
        });
    }
    Ok(made)
}

/// The place of what has this name.
pub(super) fn at(made: &[Parameter], name: &Ident) -> Option<usize> {
    made.iter()
        .position(|parameter| parameter.name.as_ref() == Some(name))
}

/// What a parameter of such a function is called with: values, which it may name first, and state made before.
fn argument(written: Written, fresh: bool, made: &mut Vec<Parameter>) -> Result<Ident> {
    let Some(name) = written.name()? else {
        let message = "this parameter needs a name: that of a value or of state made before";
        return Err(Error::new_spanned(written.into_type(), message));
    };
    if let Some(place) = at(made, &name) {
        if made[place].owner == Owner::Window && !fresh {
            let message = format!(
                "`{name}` is made for every window, and `#[shared]` state once, before the first: write `#[fresh]` on this \
                 function, too, or make it without `{name}`"
            );
            return Err(Error::new_spanned(name, message));
        }
        hand(written, &name, &made[place])?;
        return Ok(name);
    }
    let parameter = written.read()?;
    if parameter.owner == Owner::Benchmark {
        made.push(parameter);
        return Ok(name);
    }
    let message = format!(
        "a `#[shared]` function takes values, as in `#[values(16, 1024)] {name}: usize`, and what `#[shared]` functions \
         before it make, as in `{name}: &Map`"
    );
    Err(Error::new_spanned(name, message))
}

/// Checks that a parameter takes what the group makes, and returns the type that it takes it as.
pub(super) fn hand(written: Written, name: &Ident, made: &Parameter) -> Result<Type> {
    let what = match made.owner {
        Owner::Benchmark => format!("`{name}` is one of the group's values"),
        Owner::Window => format!("`{name}` is made by the `#[fresh]` function of this name"),
        _ => format!("`{name}` is made by the `#[shared]` function of this name"),
    };
    let ty = written.handed(&what)?;
    let by_reference = matches!(&ty, Type::Reference(reference) if reference.mutability.is_none());
    if made.owner != Owner::Benchmark && !by_reference {
        let message = format!(
            "`{name}` is shared by all threads: take it by reference, as in `{name}: &Map`"
        );
        return Err(Error::new_spanned(ty, message));
    }
    Ok(ty)
}

/// The type of the state, and a `?` where making it may fail.
fn state(name: &Ident, output: &ReturnType) -> Result<(Type, Option<TokenStream>)> {
    let ReturnType::Type(_, ty) = output else {
        let message = format!(
            "`{name}` makes nothing: return the state that the roles take, as in `fn {name}() -> Map`"
        );
        return Err(Error::new_spanned(name, message));
    };
    if let Some(word) = opaque(ty.to_token_stream()) {
        let message = "`impl Trait` leaves the type of the state open: name the type";
        return Err(Error::new_spanned(word, message));
    }
    match fallible(ty) {
        Some(ty) => Ok((ty, Some(quote!(?)))),
        None => Ok(((**ty).clone(), None)),
    }
}

fn opaque(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == "impl").then_some(ident),
        TokenTree::Group(group) => opaque(group.stream()),
        _ => None,
    })
}

/// T of a `Result<T, …>`.
fn fallible(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}
