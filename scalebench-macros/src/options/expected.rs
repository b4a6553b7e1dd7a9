//! `expect(efficiency(8) >= 0.7, latency <= "200ns")`: tokens to the text of the grammar, and its faults back to tokens.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use scalebench_expect::{Expectation, ParseError, parse};
use syn::{Error, LitStr, Result};

use super::written::Written;

/// An expectation, and where it was written.
#[derive(Clone)]
pub(crate) struct Expected {
    pub(crate) expectation: Expectation,
    /// The tokens of its metric.
    pub(crate) metric: TokenStream,
    /// The token of its thread count; the metric where none was written.
    pub(crate) threads: TokenStream,
}

/// Reads what stands in the parentheses of the option.
pub(super) fn read(option: &Written) -> Result<Vec<Expected>> {
    let mut source = Source::default();
    source.stream(option.inside()?.clone());
    let list = parse(&source.text).map_err(|error| source.error(option, &error))?;
    let expected = list.into_iter().map(|written| Expected {
        expectation: written.expectation,
        metric: source.tokens(&written.metric_at),
        threads: source.tokens(&written.threads_at),
    });
    Ok(expected.collect())
}

/// The text of some tokens, and which token each part of it came from.
#[derive(Default)]
struct Source {
    text: String,
    parts: Vec<(Range<usize>, TokenTree)>,
}

impl Source {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match &token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Brace => ("{", "}"),
                        // What a macro variable arrives in.
                        Delimiter::None => ("", ""),
                    };
                    self.part(open, &token);
                    self.stream(group.stream());
                    self.part(close, &token);
                }
                TokenTree::Literal(_) => {
                    let quoted = syn::parse2::<LitStr>(token.to_token_stream());
                    let text = quoted.map_or_else(|_| token.to_string(), |text| text.value());
                    self.part(&text, &token);
                }
                _ => self.part(&token.to_string(), &token),
            }
        }
    }

    /// Writes the text of a token, as people would: words stay apart, signs of a comparison together.
    fn part(&mut self, text: &str, token: &TokenTree) {
        let (Some(last), Some(next)) = (self.text.chars().last(), text.chars().next()) else {
            self.write(text, token);
            return;
        };
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let is_sign = |letter: char| "<>=!".contains(letter);
        if last == ',' || is_sign(last) != is_sign(next) || (is_word(last) && is_word(next)) {
            self.text.push(' ');
        }
        self.write(text, token);
    }

    fn write(&mut self, text: &str, token: &TokenTree) {
        let begin = self.text.len();
        self.text.push_str(text);
        self.parts.push((begin..self.text.len(), token.clone()));
    }

    /// The tokens that a part of the text came from.
    fn tokens(&self, at: &Range<usize>) -> TokenStream {
        let touches = |part: &Range<usize>| part.start < at.end && at.start < part.end;
        let tokens = self.parts.iter().filter(|(part, _)| touches(part));
        tokens.map(|(_, token)| token.clone()).collect()
    }

    fn error(&self, option: &Written, error: &ParseError) -> Error {
        let tokens = self.tokens(&error.at);
        match tokens.is_empty() {
            true => Error::new_spanned(&option.name, error),
            false => Error::new_spanned(tokens, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_read_as_people_write_them() {
        for (source, text) in [
            (
                "efficiency ( 8 )>=0.7 , latency<= 200 ns",
                "efficiency(8) >= 0.7, latency <= 200 ns",
            ),
            (
                "latency <= \"200 ns\", overhead(4) < 5us",
                "latency <= 200 ns, overhead(4) < 5us",
            ),
            ("efficiency(8) > 70%", "efficiency(8) > 70%"),
            ("throughput(8) >= 5M/s", "throughput(8) >= 5M/s"),
            ("\"latency < 1ms\"", "latency < 1ms"),
        ] {
            let tokens: TokenStream = source.parse().expect("tokens");
            let mut read = Source::default();
            read.stream(tokens);
            assert_eq!(read.text, text);
        }
    }
}
