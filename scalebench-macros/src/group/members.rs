//! The functions of a group that are called.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Error, GenericParam, Meta, Result};

use crate::ast::Benchmark;
use crate::bencher;
use crate::expand::group::located;
use crate::nearest::nearest;
use crate::options::Options;
use crate::parameter::{Owner, Parameter, Written};
use crate::valid;

use super::module::Function;
use super::options::{GroupOptions, of_role};
use super::shared::{at, hand};

/// A function with its share.
pub(super) struct Member {
    share: u32,
    /// What was said of this function alone.
    own: Options,
    function: Function,
}

/// The functions with roles.
pub(super) fn of_roles(
    module: &Ident,
    roles: Vec<(Meta, Function)>,
    options: &GroupOptions,
) -> Result<Vec<Member>> {
    if roles.len() < 2 {
        let message = format!(
            "a group needs at least two functions with `#[role(share = 1)]`, or `mix(...)` in the attribute; `{module}` has \
             {}",
            if roles.is_empty() { "none" } else { "one role" }
        );
        return Err(Error::new_spanned(module, message));
    }
    options.check_threads(roles.len())?;
    let member = |(mark, function): (Meta, Function)| {
        let (share, own) = of_role(&mark)?;
        Ok(Member {
            share: share.unwrap_or(1),
            own,
            function,
        })
    };
    roles.into_iter().map(member).collect()
}

/// The functions that `mix` names. What was said of one of them alone stands in its `#[role(...)]`.
pub(super) fn of_mix(
    mix: &[(Ident, u32)],
    roles: Vec<(Meta, Function)>,
    others: Vec<Function>,
) -> Result<Vec<Member>> {
    let mut marked = Vec::new();
    for (mark, function) in roles {
        marked.push((Some(mark.clone()), of_drawn(&mark)?, function));
    }
    let others = others.into_iter();
    let mut functions: Vec<(Option<Meta>, Options, Function)> = others
        .map(|function| (None, Options::default(), function))
        .chain(marked)
        .collect();
    let mut members = Vec::new();
    for (name, share) in mix {
        let Some(place) = functions
            .iter()
            .position(|(.., function)| function.signature.ident == *name)
        else {
            let names: Vec<String> = functions
                .iter()
                .map(|(.., function)| function.signature.ident.to_string())
                .collect();
            return Err(Error::new_spanned(name, no_function(name, &names)));
        };
        let (_, own, function) = functions.swap_remove(place);
        members.push(Member {
            share: *share,
            own,
            function,
        });
    }
    match functions.iter().find_map(|(mark, ..)| mark.as_ref()) {
        None => Ok(members),
        Some(mark) => {
            let message = "`mix(...)` does not name this function: add it with its share, or leave `#[role]` out";
            Err(Error::new_spanned(mark.path(), message))
        }
    }
}

/// What was said of a function of a mix; its share stands in the mix.
fn of_drawn(mark: &Meta) -> Result<Options> {
    let (share, own) = of_role(mark)?;
    if share.is_none() && !matches!(mark, Meta::Path(_)) {
        return Ok(own);
    }
    let message = "in a mix each thread calls all functions, and their shares stand in `mix(...)`: leave `#[role]` out, but \
                   for what is said of this function alone, as in `#[role(expect(latency <= 200ns))]`";
    Err(Error::new_spanned(mark.path(), message))
}

fn no_function(name: &Ident, names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let near = nearest(&name.to_string(), &names);
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    format!("the module has no function `{name}` to draw{near}")
}

impl Member {
    /// The function as a benchmark, which begins with what the group makes.
    pub(super) fn read(
        self,
        index: usize,
        shared: &[Parameter],
        options: &GroupOptions,
    ) -> Result<(Benchmark, u32)> {
        let Function {
            attributes,
            signature,
            parameters: written,
            ..
        } = self.function;
        if let Some(token) = &signature.asyncness {
            let message = "a function of a group is not async in this version: block on what is async in its body";
            return Err(Error::new_spanned(token, message));
        }
        if let Some(open) = signature.generics.params.iter().find(is_open) {
            let message = "a function of a group is not generic in this version: write the type or the number out";
            return Err(Error::new_spanned(open, message));
        }
        let mut common = options.common()?;
        (common.name, common.throughput) = (self.own.name, self.own.throughput);
        common.expect.extend(self.own.expect);
        valid::check_function(&attributes, &signature, &common)?;
        let mut parameters = shared.to_vec();
        let mut arguments = Vec::new();
        for written in written {
            arguments.push(take(written, shared, &mut parameters)?);
        }
        let benchmark = Benchmark {
            options: common,
            attributes,
            signature,
            parameters,
            arguments,
            member: Some(index),
        };
        bencher::check(&benchmark)?;
        valid::check_parameters(&benchmark)?;
        Ok((benchmark, self.share))
    }
}

/// Whether a parameter of the signature has to be chosen; a lifetime has not.
fn is_open(parameter: &&GenericParam) -> bool {
    !matches!(parameter, GenericParam::Lifetime(_))
}

/// The place of what a parameter takes; what only this function takes is added.
fn take(written: Written, shared: &[Parameter], parameters: &mut Vec<Parameter>) -> Result<usize> {
    if let Some(name) = written.name()?
        && let Some(place) = at(shared, &name)
    {
        let ty = hand(written, &name, &shared[place])?;
        if shared[place].owner != Owner::Benchmark {
            // An error about the types then points at this parameter.
            parameters[place].ty = located(&shared[place].ty, &ty);
        }
        return Ok(place);
    }
    let names: Vec<String> = shared
        .iter()
        .filter_map(|made| made.name.as_ref().map(ToString::to_string))
        .collect();
    let parameter = written.read()?;
    let name = parameter.name.clone();
    let place = || {
        name.as_ref()
            .map_or_else(|| parameter.ty.to_token_stream(), ToTokens::to_token_stream)
    };
    match parameter.owner {
        Owner::Shared => Err(Error::new_spanned(
            place(),
            not_shared(name.as_ref(), &names, "shared"),
        )),
        Owner::Window => Err(Error::new_spanned(
            place(),
            not_shared(name.as_ref(), &names, "fresh"),
        )),
        Owner::Benchmark => {
            let message = "every function of a group gets the same values: put `#[values(...)]` on a parameter of a \
                           `#[shared]` function, and take it here by its name";
            Err(Error::new_spanned(place(), message))
        }
        _ => {
            parameters.push(parameter);
            Ok(parameters.len() - 1)
        }
    }
}

/// For a reference to what no function with this mark makes.
fn not_shared(name: Option<&Ident>, names: &[String], mark: &str) -> String {
    let name = name.map_or_else(|| "state".to_owned(), ToString::to_string);
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    match nearest(&name, &known) {
        Some(near) => format!("no `#[{mark}]` function is called `{name}`; did you mean `{near}`?"),
        None => format!(
            "what threads share is made by a function of the module, so that it is plain who shares it: write `#[{mark}] fn \
             {name}() -> ...`"
        ),
    }
}
