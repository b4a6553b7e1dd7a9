//! The options of a group and of a role.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, LitInt, Meta, Result, Token};

use crate::nearest::nearest;
use crate::options::{self, Options, Threads};

/// What the attribute on the module takes.
const OF_GROUP: [&str; 9] = [
    "threads", "mix", "ignore", "launches", "rounds", "window", "max_time", "expect", "crate",
];

/// What `#[role(…)]` takes.
const OF_ROLE: [&str; 4] = ["share", "name", "throughput", "expect"];

/// A share is no larger: it is a proportion of small numbers.
const MOST: u32 = 10_000;

/// The options of a group.
pub(super) struct GroupOptions {
    /// All but the mix, as they were written; every function of the group has them.
    common: TokenStream,
    /// The functions that are drawn, with their shares.
    pub(super) mix: Option<Vec<(Ident, u32)>>,
}

impl GroupOptions {
    /// Reads the options.
    ///
    /// # Errors
    /// On the token that is wrong, with what to write instead.
    pub(super) fn parse(tokens: TokenStream) -> Result<Self> {
        let (mut common, mut mix) = (Vec::new(), None);
        for option in split(tokens) {
            let name = known(&option, &OF_GROUP, "of a group")?;
            if name != "mix" {
                common.push(option);
                continue;
            }
            if mix.is_some() {
                return Err(Error::new_spanned(name, "`mix` is given twice; keep one"));
            }
            mix = Some(read_mix(&name, option)?);
        }
        let common = joined(common);
        options::parse(common.clone())?;
        Ok(Self { common, mix })
    }

    /// What holds for every function of the group.
    pub(super) fn common(&self) -> Result<Options> {
        options::parse(self.common.clone())
    }

    /// Refuses thread counts that leave a role without a thread; 1 is each role alone.
    pub(super) fn check_threads(&self, roles: usize) -> Result<()> {
        let Some(Threads::Counts(counts)) = self.common()?.threads else {
            return Ok(());
        };
        let Some(few) = counts.into_iter().find(|&count| count > 1 && count < roles) else {
            return Ok(());
        };
        let message = format!("{few} threads are too few for {roles} roles: give at least {roles}");
        let written = find_number(self.common.clone(), few);
        Err(written.map_or_else(
            || Error::new(proc_macro2::Span::call_site(), &message),
            |token| Error::new_spanned(token, &message),
        ))
    }
}

/// The options of a role: its share where it was given, and what else was said of it.
pub(super) fn of_role(mark: &Meta) -> Result<(Option<u32>, Options)> {
    let tokens = match mark {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(_) => {
            return Err(Error::new_spanned(
                mark,
                "write the share as `#[role(share = 3)]`",
            ));
        }
    };
    let (mut share, mut rest) = (None, Vec::new());
    for option in split(tokens) {
        let name = known(&option, &OF_ROLE, "of a role")?;
        if name != "share" {
            rest.push(option);
            continue;
        }
        if share.is_some() {
            return Err(Error::new_spanned(name, "`share` is given twice; keep one"));
        }
        let (_, given) = syn::parse2::<Share>(option)
            .map(|Share(name, share)| (name, share))
            .map_err(|error| better(error, &name, "share = 3"))?;
        share = Some(given);
    }
    Ok((share, options::parse(joined(rest))?))
}

/// `read = 90`.
struct Share(Ident, u32);

impl Parse for Share {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let number: LitInt = input
            .parse()
            .map_err(|error| Error::new(error.span(), WHOLE_NUMBER))?;
        match number.base10_parse() {
            Ok(share) if (1..=MOST).contains(&share) => Ok(Self(name, share)),
            _ => Err(Error::new_spanned(number, WHOLE_NUMBER)),
        }
    }
}

const WHOLE_NUMBER: &str = "a share is a whole number from 1 to 10000";

/// Keeps the message about a wrong number; any other fault gets the example.
fn better(error: Error, name: &Ident, example: &str) -> Error {
    if error.to_string() == WHOLE_NUMBER {
        return error;
    }
    Error::new_spanned(name, format!("write `{example}`"))
}

fn read_mix(name: &Ident, option: TokenStream) -> Result<Vec<(Ident, u32)>> {
    let example = "mix(read = 90, write = 10)";
    let mut tokens = option.into_iter().skip(1);
    let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
        let message = format!("name the functions and how often each is drawn: `{example}`");
        return Err(Error::new_spanned(name, message));
    };
    let shares = Punctuated::<Share, Token![,]>::parse_terminated
        .parse2(group.stream())
        .map_err(|error| better(error, name, example))?;
    let mut seen = HashSet::new();
    for Share(function, _) in &shares {
        if !seen.insert(function.to_string()) {
            let message = format!("`{function}` is in the mix twice; keep one");
            return Err(Error::new_spanned(function, message));
        }
    }
    if shares.len() < 2 {
        let message = format!("a mix has at least two functions, as in `{example}`");
        return Err(Error::new_spanned(name, message));
    }
    Ok(shares
        .into_iter()
        .map(|Share(name, share)| (name, share))
        .collect())
}

/// The options between the commas.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut options = vec![TokenStream::new()];
    for token in tokens {
        match (&token, options.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => {
                options.push(TokenStream::new());
            }
            (_, Some(last)) => last.extend([token]),
            (_, None) => {}
        }
    }
    options.retain(|option| !option.is_empty());
    options
}

fn joined(options: Vec<TokenStream>) -> TokenStream {
    quote::quote!(#(#options),*)
}

/// The name of an option, which must be one of `names`.
fn known(option: &TokenStream, names: &[&str], whose: &str) -> Result<Ident> {
    let all = names.join(", ");
    let name = match option.clone().into_iter().next() {
        Some(TokenTree::Ident(name)) => name,
        other => {
            let message = format!("an option begins with its name: {all}");
            return Err(Error::new_spanned(other, message));
        }
    };
    let text = name.to_string();
    if names.contains(&text.as_str()) {
        return Ok(name);
    }
    if text == "load" {
        let message = "load mode is for single functions so far: write `#[scale_bench(load)]` on one outside of a group";
        return Err(Error::new_spanned(name, message));
    }
    let near =
        nearest(&text, names).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    let stop = if near.is_empty() { "." } else { "" };
    let message = format!("`{name}` is no option {whose}{near}{stop} All options: {all}");
    Err(Error::new_spanned(name, message))
}

fn find_number(tokens: TokenStream, number: usize) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match &token {
        TokenTree::Literal(literal) => {
            let digits: String = literal
                .to_string()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            (digits == number.to_string()).then_some(token)
        }
        TokenTree::Group(group) => find_number(group.stream(), number),
        _ => None,
    })
}
