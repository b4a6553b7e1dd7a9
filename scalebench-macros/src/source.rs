//! Tokens back to text, close to how a person writes them: values and types are part of a benchmark's id.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The tokens as one line of source.
pub(crate) fn text(tokens: &TokenStream) -> String {
    let mut writer = Writer::default();
    writer.stream(tokens.clone());
    writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Whether a word or a number was written last, so that the next one needs a space.
    after_word: bool,
    /// Whether the operator that comes next stands between two operands.
    after_operand: bool,
}

impl Writer {
    fn stream(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) => self.word(&word.to_string()),
                TokenTree::Literal(literal) => self.word(&literal.to_string()),
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
                TokenTree::Punct(first) => {
                    let mut operator = String::from(first.as_char());
                    let mut joint = first.spacing() == Spacing::Joint;
                    while joint && let Some(TokenTree::Punct(next)) = tokens.peek() {
                        operator.push(next.as_char());
                        joint = next.spacing() == Spacing::Joint;
                        tokens.next();
                    }
                    self.operator(&operator);
                }
            }
        }
    }

    fn word(&mut self, word: &str) {
        if self.after_word {
            self.text.push(' ');
        }
        self.text.push_str(word);
        (self.after_word, self.after_operand) = (true, true);
    }

    fn group(&mut self, delimiter: Delimiter, tokens: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace if tokens.is_empty() => (" {", "}"),
            Delimiter::Brace => (" { ", " }"),
            Delimiter::None => ("", ""),
        };
        self.text.push_str(open);
        (self.after_word, self.after_operand) = (false, false);
        self.stream(tokens);
        self.text.push_str(close);
        (self.after_word, self.after_operand) = (delimiter == Delimiter::Brace, true);
    }

    fn operator(&mut self, operator: &str) {
        let spaced = match operator {
            "," | ";" => (false, true),
            ":" => (false, true),
            "=" | "=>" | "->" | "==" | "!=" | "<=" | ">=" | "&&" | "||" | "<<" | "+" | "/"
            | "%" | "^" | "|" => (self.after_operand, self.after_operand),
            "*" | "-" | "&" => (self.after_operand, self.after_operand),
            _ => (false, false),
        };
        if spaced.0 {
            self.text.push(' ');
        }
        self.text.push_str(operator);
        if spaced.1 {
            self.text.push(' ');
        }
        (self.after_word, self.after_operand) = (false, matches!(operator, ">" | "?"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_as_written() {
        for source in [
            "16",
            "\"a b\"",
            "-1",
            "1 + 2",
            "Some(4)",
            "Kind::Small",
            "&[1, 2, 3]",
            "(1, 'x')",
            "Point { x: 1, y: -2 }",
            "DashMap<u64, Vec<u8>>",
            "dyn Send",
            "[u8; 4]",
            "fn(u8) -> u8",
            "&'static str",
            "1 << 20",
            "2 * N",
        ] {
            let tokens: TokenStream = source.parse().expect("valid tokens");
            assert_eq!(text(&tokens), source);
        }
    }
}
