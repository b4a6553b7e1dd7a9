//! One parameter: who owns what it takes, and how that is made.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Error, Pat, PatType, Result, Type};

use crate::maker::{Attributes, Maker};
use crate::source;

/// A parameter as it was written, our attributes taken off.
pub(crate) struct Written {
    attributes: Attributes,
    pattern: Pat,
    ty: Type,
}

/// A parameter that is understood.
#[derive(Clone)]
pub(crate) struct Parameter {
    /// Its name; `_` has none.
    pub(crate) name: Option<Ident>,
    /// Who owns it.
    pub(crate) owner: Owner,
    /// The type of what is made: T of `&T`, `&mut T` and `T`; with `#[values]` the parameter's own type.
    pub(crate) ty: Type,
    /// How it is made.
    pub(crate) maker: Maker,
    /// Conditions that must hold, from `cfg_attr`.
    pub(crate) conditions: Vec<TokenStream>,
}

/// Who owns what a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// `&T`: one, shared by all threads.
    Shared,
    /// `&mut T`: one for each thread.
    Thread,
    /// `#[fresh]` on `&T`: one for each window, shared by its threads.
    Window,
    /// `#[fresh]` on `&mut T`: one for each thread of a window.
    WindowThread,
    /// `T`: one for each call.
    Call,
    /// `#[values]`: one for each benchmark, handed out by value.
    Benchmark,
    /// `b: Bencher`: nobody; it is the harness itself.
    Harness,
}

impl Owner {
    /// Whether what it owns is made on a calling thread, so that there is a `thread` to speak of.
    pub(crate) fn knows_thread(self) -> bool {
        matches!(self, Self::Thread | Self::WindowThread | Self::Call)
    }
}

impl Written {
    /// Takes the attributes that belong to `#[scale_bench]` off a parameter.
    pub(crate) fn take(typed: &mut PatType) -> Self {
        let attributes = Attributes::sort(typed.attrs.drain(..));
        typed.attrs.clone_from(&attributes.others);
        Self {
            attributes,
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
            .attributes
            .others
            .iter()
            .find(|attribute| attribute.path().is_ident("cfg"))
        {
            let message = "`#[scale_bench]` cannot tell whether this parameter exists: put the condition on the whole \
                           function";
            return Err(Error::new_spanned(attribute, message));
        }
        let name = self.name()?;
        let maker = self.attributes.maker()?;
        let (owner, ty) = owner(self.ty, &maker)?;
        refuse_impl_trait(&ty)?;
        if let Some(attribute) = maker.defaulted().filter(|_| is_unsized(&ty)) {
            let text = source::text(&ty.to_token_stream());
            let message = format!(
                "`{text}` has no size of its own, so it has no default: write `{attribute}` before the parameter, with \
                 an expression for what it borrows from"
            );
            return Err(Error::new_spanned(ty, message));
        }
        Ok(Parameter {
            name,
            owner,
            ty,
            maker,
            conditions: self.attributes.conditions,
        })
    }

    /// The type of a parameter that is handed what something else makes.
    ///
    /// # Errors
    /// When it says how it is made itself; `what` then says what makes it.
    pub(crate) fn handed(self, what: &str) -> Result<Type> {
        match self.attributes.makers.first() {
            None => Ok(self.ty),
            Some(maker) => {
                let message =
                    format!("{what}: take this attribute away, or name the parameter otherwise");
                Err(Error::new_spanned(maker.path(), message))
            }
        }
    }

    /// Its type, for messages.
    pub(crate) fn into_type(self) -> Type {
        self.ty
    }

    /// What it is called; `_` has no name.
    ///
    /// # Errors
    /// When it is a pattern.
    pub(crate) fn name(&self) -> Result<Option<Ident>> {
        match &self.pattern {
            Pat::Ident(pattern) => Ok(Some(pattern.ident.clone())),
            Pat::Wild(_) => Ok(None),
            other => {
                let message = "a parameter needs a plain name here: name it, and take it apart in the body with `let`";
                Err(Error::new_spanned(other, message))
            }
        }
    }
}

/// Who owns it, and the type of what is made.
fn owner(ty: Type, maker: &Maker) -> Result<(Owner, Type)> {
    if matches!(maker, Maker::Values(_)) {
        return Ok((Owner::Benchmark, ty));
    }
    if matches!(maker, Maker::Default) && is_bencher(&ty) {
        return Ok((Owner::Harness, ty));
    }
    if matches!(maker, Maker::Default)
        && let Type::Reference(reference) = bare(&ty)
        && is_bencher(&reference.elem)
    {
        let message = "a `Bencher` is used up by measuring: take it by value, as in `fn bench(b: Bencher) -> Measured`";
        return Err(Error::new_spanned(&ty, message));
    }
    let fresh = matches!(maker, Maker::Fresh(_));
    let Type::Reference(reference) = bare(&ty) else {
        if fresh {
            let text = source::text(&ty.to_token_stream());
            let message = format!(
                "`{text}` by value is made before every call as it is: write `#[with(...)]`; `#[fresh(...)]` is for state, \
                 so take `&{text}` or `&mut {text}`"
            );
            return Err(Error::new_spanned(ty, message));
        }
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
    let owner = match (reference.mutability.is_some(), fresh) {
        (false, false) => Owner::Shared,
        (true, false) => Owner::Thread,
        (false, true) => Owner::Window,
        (true, true) => Owner::WindowThread,
    };
    Ok((owner, (*reference.elem).clone()))
}

/// Whether a type is called `Bencher`; one of the user's own is told apart by `#[with]`.
fn is_bencher(ty: &Type) -> bool {
    let Type::Path(path) = bare(ty) else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident == "Bencher")
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

fn find_word(tokens: TokenStream, word: &str) -> Option<Ident> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parameter: &str) -> Parameter {
        let Ok(syn::FnArg::Typed(mut typed)) = syn::parse_str(parameter) else {
            panic!("a parameter")
        };
        Written::take(&mut typed)
            .read()
            .expect("fit to be measured")
    }

    #[test]
    fn the_borrow_says_who_owns_it() {
        for (parameter, owner, ty) in [
            ("map: &Map", Owner::Shared, "Map"),
            ("#[with(1)] map: &'a Map", Owner::Shared, "Map"),
            ("rng: &mut Rng", Owner::Thread, "Rng"),
            ("mut key: u64", Owner::Call, "u64"),
            ("#[values(\"a\")] text: &str", Owner::Benchmark, "&str"),
            ("_: (&u8)", Owner::Shared, "u8"),
            (
                "b: scalebench::Bencher<'_>",
                Owner::Harness,
                "scalebench::Bencher<'_>",
            ),
            ("#[with(1)] b: Bencher", Owner::Call, "Bencher"),
            ("#[fresh(1)] map: &Map", Owner::Window, "Map"),
            ("#[fresh] own: &mut Vec<u8>", Owner::WindowThread, "Vec<u8>"),
        ] {
            let parameter = read(parameter);
            assert_eq!(parameter.owner, owner);
            assert_eq!(source::text(&parameter.ty.to_token_stream()), ty);
        }
    }

    #[test]
    fn types_without_a_size_are_known() {
        for ty in [
            "[u8]",
            "str",
            "std::path::Path",
            "dyn Send",
            "(dyn Send + Sync)",
        ] {
            assert!(is_unsized(&syn::parse_str(ty).expect("a type")), "{ty}");
        }
        for ty in ["[u8; 4]", "String", "Vec<str>"] {
            assert!(!is_unsized(&syn::parse_str(ty).expect("a type")), "{ty}");
        }
    }
}
