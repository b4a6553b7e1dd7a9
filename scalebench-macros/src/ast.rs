//! What was annotated, as far as the attribute needs to understand it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, FnArg, Item, Result, Signature, Visibility};

use crate::maker::Maker;
use crate::options::{Options, Throughput};
use crate::parameter::{self, Owner, Parameter};
use crate::scan::mentions;

/// A function with its body left alone: whatever stands in it is the compiler's to judge.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
}

/// A function that was found fit to be measured.
pub(crate) struct Benchmark {
    pub(crate) options: Options,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) signature: Signature,
    pub(crate) parameters: Vec<Parameter>,
    /// What the function takes, as places in `parameters`: in a group there are more.
    pub(crate) arguments: Vec<usize>,
    /// Its place in a group.
    pub(crate) member: Option<usize>,
}

impl Benchmark {
    /// What is made once for all processes.
    pub(crate) fn kept(&self) -> Option<(usize, &Parameter)> {
        let mut parameters = self.parameters.iter().enumerate();
        parameters.find(|(_, parameter)| matches!(parameter.maker, Maker::Shared(_)))
    }

    /// The `Bencher` of a function that measures by itself.
    pub(crate) fn bencher(&self) -> Option<&Parameter> {
        let mut harness = self.parameters.iter();
        harness.find(|parameter| parameter.owner == Owner::Harness)
    }

    /// What a call gets done, where that depends on its inputs: it is counted when they are made.
    pub(crate) fn weight(&self) -> Option<&Throughput> {
        let throughput = self.options.throughput.as_ref()?;
        let count = throughput.count.to_token_stream();
        let mut inputs = self.parameters.iter();
        let uses = |parameter: &Parameter| {
            let name = parameter.name.as_ref();
            let named = name.is_some_and(|name| mentions(&count, &name.to_string()).is_some());
            named && parameter.owner == Owner::Call
        };
        inputs.any(uses).then_some(throughput)
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attributes,
            visibility,
            signature,
            body,
        } = self;
        tokens.extend(quote!(#(#attributes)* #visibility #signature #body));
    }
}

impl Function {
    /// Reads the item under the attribute.
    pub(crate) fn read(item: TokenStream) -> Result<Self> {
        let function: Self = syn::parse2(item.clone()).map_err(|_| not_a_function(item))?;
        if function.body.to_string().trim_start().starts_with('{') {
            return Ok(function);
        }
        let message = "this function has no body, so there is nothing to call: annotate a function that calls it";
        Err(Error::new_spanned(function.signature.ident, message))
    }

    /// Makes the body use these parameters before anything else: one that only the expressions of others use is no
    /// reason for a warning.
    pub(crate) fn use_first(&mut self, names: &[&Ident]) {
        let mut tokens = self.body.clone().into_iter();
        let Some(TokenTree::Group(block)) = tokens.next() else {
            return;
        };
        let statements = block.stream();
        // Attributes of the block itself have to stay its first tokens.
        let attributes = statements.to_string().trim_start().starts_with('#');
        if names.is_empty() || attributes || block.delimiter() != Delimiter::Brace {
            return;
        }
        let stream = quote_spanned!(Span::mixed_site()=> #(let _ = &#names;)* #statements);
        let mut with_uses = Group::new(Delimiter::Brace, stream);
        with_uses.set_span(block.span());
        self.body = TokenTree::from(with_uses).into();
        self.body.extend(tokens);
    }

    /// Takes the parameters' `#[with]` and `#[values]` off, which no other compiler stage knows.
    pub(crate) fn take_parameters(&mut self) -> Vec<parameter::Written> {
        let inputs = self.signature.inputs.iter_mut();
        inputs
            .filter_map(|input| match input {
                FnArg::Typed(typed) => Some(parameter::Written::take(typed)),
                FnArg::Receiver(_) => None,
            })
            .collect()
    }
}

/// The error for an item that is no function, on its keyword.
fn not_a_function(item: TokenStream) -> Error {
    let (span, what) = match syn::parse2::<Item>(item) {
        Ok(Item::Struct(item)) => (item.struct_token.span(), "a struct"),
        Ok(Item::Enum(item)) => (item.enum_token.span(), "an enum"),
        Ok(Item::Impl(item)) => (item.impl_token.span(), "an impl block"),
        Ok(Item::Trait(item)) => (item.trait_token.span(), "a trait"),
        Ok(Item::Mod(item)) => (item.mod_token.span(), "a module"),
        Ok(Item::Const(item)) => (item.const_token.span(), "a const"),
        Ok(Item::Static(item)) => (item.static_token.span(), "a static"),
        Ok(Item::Macro(item)) => (item.mac.path.span(), "a macro call"),
        _ => (Span::call_site(), "something else"),
    };
    Error::new(
        span,
        format!("`#[scale_bench]` measures a function, and this is {what}: put it on a `fn`"),
    )
}
