//! One option as it was written.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Error, Expr, ExprLit, Ident, Lit, LitStr, Path, Result, Token};

use crate::source;

use super::known::{example, names, unknown};

/// The elements of `types` or `consts`, never empty.
pub(crate) struct Listed<T> {
    /// The option's name where it was written, for messages.
    pub(crate) option: Ident,
    pub(crate) elements: Vec<T>,
}

/// One option as written: its name, and what stands behind `=`, or in the parentheses of the one that has some.
pub(super) struct Written {
    pub(super) name: Ident,
    value: Option<TokenStream>,
    inside: Option<TokenStream>,
}

/// The option whose value stands in parentheses.
pub(super) const IN_PARENTHESES: &str = "expect";

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(format!("an option begins with its name: {}", names())));
        }
        let name = Ident::parse_any(input)?;
        let mut value = None;
        let mut inside = None;
        if name == IN_PARENTHESES && input.peek(Paren) {
            let content;
            syn::parenthesized!(content in input);
            inside = Some(content.parse()?);
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            let mut tokens = TokenStream::new();
            while !input.is_empty() && !input.peek(Token![,]) {
                tokens.extend([input.parse::<TokenTree>()?]);
            }
            value = Some(tokens);
        } else if !input.is_empty() && !input.peek(Token![,]) {
            let message = match example(&name.unraw().to_string()) {
                Some(example) => format!("write `{example}`"),
                None => unknown(&name.unraw().to_string()),
            };
            return Err(Error::new_spanned(name, message));
        }
        Ok(Self {
            name,
            value,
            inside,
        })
    }
}

impl Written {
    /// The error for a value that this option cannot take.
    pub(super) fn wrong(&self, at: impl ToTokens, what: &str) -> Error {
        let name = self.name.unraw().to_string();
        let example = example(&name).unwrap_or_default();
        Error::new_spanned(at, format!("{what}, as in `{example}`"))
    }

    /// What stands in the parentheses; an error on the name when there are none.
    pub(super) fn inside(&self) -> Result<&TokenStream> {
        let inside = self.inside.as_ref();
        inside.ok_or_else(|| self.wrong(&self.name, &format!("`{}` takes parentheses", self.name)))
    }

    /// What stands behind `=`; an error on the name when nothing does.
    pub(super) fn value(&self) -> Result<&TokenStream> {
        match &self.value {
            Some(tokens) if !tokens.is_empty() => Ok(tokens),
            _ => Err(self.wrong(&self.name, &format!("`{}` needs a value", self.name))),
        }
    }

    pub(super) fn expression(&self) -> Result<Expr> {
        syn::parse2(self.value()?.clone()).map(ungroup)
    }

    pub(super) fn flag(&self) -> Result<bool> {
        match &self.value {
            None => Ok(true),
            Some(_) => {
                let name = &self.name;
                let message =
                    format!("`{name}` takes no value: write `{name}` alone, or leave it out");
                Err(Error::new_spanned(name, message))
            }
        }
    }

    pub(super) fn text(&self) -> Result<LitStr> {
        match self.expression()? {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Ok(text),
            other => Err(self.wrong(other, &format!("`{}` is a string", self.name))),
        }
    }

    pub(super) fn path(&self) -> Result<Path> {
        let value = self.value()?.clone();
        Path::parse_mod_style
            .parse2(value.clone())
            .map_err(|_| self.wrong(value, "`crate` is a path"))
    }

    pub(super) fn list<T: Parse + ToTokens>(self) -> Result<Listed<T>> {
        let value = self.value()?.clone();
        let elements = |input: ParseStream<'_>| {
            let content;
            syn::bracketed!(content in input);
            let list = Punctuated::<T, Token![,]>::parse_terminated(&content)?;
            Ok(list.into_iter().collect::<Vec<T>>())
        };
        let bracketed = matches!(value.clone().into_iter().next(), Some(TokenTree::Group(_)));
        if !bracketed {
            return Err(self.wrong(value, &format!("`{}` is a list in brackets", self.name)));
        }
        let elements = elements.parse2(value.clone())?;
        if elements.is_empty() {
            return Err(self.wrong(
                value,
                &format!("`{}` is empty: name at least one", self.name),
            ));
        }
        distinct(&elements)?;
        Ok(Listed {
            option: self.name,
            elements,
        })
    }
}

/// The expression inside the invisible groups that macro variables arrive in.
pub(crate) fn ungroup(expression: Expr) -> Expr {
    match expression {
        Expr::Group(group) => ungroup(*group.expr),
        other => other,
    }
}

/// Refuses what is written twice in a list: two benchmarks would have the same id.
pub(crate) fn distinct(elements: &[impl ToTokens]) -> Result<()> {
    let mut seen = HashSet::new();
    for element in elements {
        let text = source::text(&element.to_token_stream());
        if !seen.insert(text.clone()) {
            let message =
                format!("`{text}` is listed twice; each makes one benchmark, so keep one");
            return Err(Error::new_spanned(element, message));
        }
    }
    Ok(())
}
