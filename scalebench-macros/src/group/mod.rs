//! `#[scale_bench_group]`: several functions that are called at the same time, and what they share.
//!
//! The module is read (`module`), its options are (`options`), and each of its functions becomes a benchmark
//! (`members`) whose parameters begin with what the group makes once (`shared`). `expand::group` writes the code.

mod members;
mod module;
mod options;
mod shared;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Item, Result};

use crate::ast::Benchmark;
use crate::expand::group::registration;
use crate::expand::used_by_expressions;
use crate::parameter::Parameter;
use module::Module;

/// A group that was found fit to be measured.
pub(crate) struct Group {
    /// Whether each thread draws its calls; else each has a role.
    pub(crate) is_mix: bool,
    /// What is made once, in order: values and shared state. The parameters of each function begin with it.
    pub(crate) shared: Vec<Parameter>,
    /// The functions with their shares.
    pub(crate) members: Vec<(Benchmark, u32)>,
}

/// The whole attribute, from its tokens to the tokens that replace it.
pub(crate) fn scale_bench_group(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut module = match Module::read(item.clone()) {
        Ok(module) => module,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let functions = module.take_functions();
    let name = module.name().clone();
    match read(options, &name, functions) {
        Ok(group) => {
            for (member, _) in &group.members {
                module.use_first(&member.signature.ident, &taken(member));
            }
            module.push(Item::Verbatim(registration(&group)));
            module.into_tokens()
        }
        Err(error) => {
            // Without the registration the functions may be unused; one error is enough.
            let (error, module) = (error.into_compile_error(), module.into_tokens());
            quote!(#error #[allow(unused)] #module)
        }
    }
}

/// The parameters of a function that only expressions may use; those of others it does not know.
fn taken(member: &Benchmark) -> Vec<&Ident> {
    let takes = |name: &&Ident| {
        let mut arguments = member.arguments.iter();
        arguments.any(|&place| member.parameters[place].name.as_ref() == Some(*name))
    };
    used_by_expressions(member)
        .into_iter()
        .filter(takes)
        .collect()
}

/// Parses and validates.
fn read(tokens: TokenStream, name: &Ident, functions: Vec<module::Function>) -> Result<Group> {
    let options = options::GroupOptions::parse(tokens)?;
    let sorted = module::Sorted::of(functions)?;
    let shared = shared::read(sorted.shared)?;
    let is_mix = options.mix.is_some();
    let members = match &options.mix {
        Some(mix) => members::of_mix(mix, sorted.roles, sorted.others)?,
        None => members::of_roles(name, sorted.roles, &options)?,
    };
    let members = members
        .into_iter()
        .enumerate()
        .map(|(index, member)| member.read(index, &shared, &options))
        .collect::<Result<_>>()?;
    Ok(Group {
        is_mix,
        shared,
        members,
    })
}

#[cfg(test)]
mod tests;
