//! Which names an expression uses, from its tokens alone.
//!
//! The compiler decides what a name means; these answers serve two ends that bear a miss. [`mentions`] may say yes too
//! often (a binding too many costs nothing), and [`free_names`] may leave a name out (then the compiler's own message
//! stands in for ours).

use std::collections::HashSet;

use proc_macro2::{Delimiter, Ident, Punct, TokenStream, TokenTree};

/// The first place where `name` appears, if it could be used: as a word, or inside a format string (then with no place
/// of its own).
pub(crate) fn mentions(tokens: &TokenStream, name: &str) -> Option<Mention> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == name).then_some(Mention::Word(ident)),
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            (text.contains('"') && text.contains('{') && text.contains(name))
                .then_some(Mention::Text)
        }
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Punct(_) => None,
    })
}

/// How an expression mentions a name.
pub(crate) enum Mention {
    /// As this word.
    Word(Ident),
    /// Inside a string, perhaps as `{name}`.
    Text,
}

/// The words that the expression uses as values and does not bind itself: not paths, calls, macros, fields or labels.
pub(crate) fn free_names(tokens: &TokenStream) -> Vec<Ident> {
    let mut names = Names::default();
    names.level(tokens);
    let Names { used, bound } = names;
    used.into_iter()
        .filter(|ident| !bound.contains(&ident.to_string()))
        .collect()
}

#[derive(Default)]
struct Names {
    used: Vec<Ident>,
    bound: HashSet<String>,
}

impl Names {
    fn level(&mut self, tokens: &TokenStream) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        self.bindings(&tokens);
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(ident) if is_value(&tokens, index) => {
                    self.used.push(ident.clone())
                }
                TokenTree::Group(group) => self.level(&group.stream()),
                _ => {}
            }
        }
    }

    /// Collects every word in a place where patterns stand: after `let`, `for`, `fn`, `const` and `static`, between
    /// the bars of a closure, and before `=>`. It takes in more than patterns (types, guards): that only makes
    /// [`free_names`] more silent.
    fn bindings(&mut self, tokens: &[TokenTree]) {
        let mut pattern_until: Option<&[&str]> = None;
        let mut bars = false;
        for token in tokens {
            let text = match token {
                TokenTree::Group(_) | TokenTree::Literal(_) => String::new(),
                other => other.to_string(),
            };
            match text.as_str() {
                "let" => pattern_until = Some(&["=", ";"]),
                "for" => pattern_until = Some(&["in", ";"]),
                "fn" | "const" | "static" => pattern_until = Some(&["=", ";"]),
                "|" => bars = !bars,
                end if pattern_until.is_some_and(|ends| ends.contains(&end)) => {
                    pattern_until = None
                }
                _ if bars || pattern_until.is_some() => self.bind_all(token),
                _ => {}
            }
        }
        let arms = tokens
            .windows(2)
            .any(|pair| is_punct(&pair[0], '=') && is_punct(&pair[1], '>'));
        if arms {
            tokens.iter().for_each(|token| self.bind_all(token));
        }
    }

    fn bind_all(&mut self, token: &TokenTree) {
        match token {
            TokenTree::Ident(ident) => {
                self.bound.insert(ident.to_string());
            }
            TokenTree::Group(group) => {
                group
                    .stream()
                    .into_iter()
                    .for_each(|inner| self.bind_all(&inner));
            }
            _ => {}
        }
    }
}

/// Whether the word at `index` stands where a local variable could: see [`free_names`].
fn is_value(tokens: &[TokenTree], index: usize) -> bool {
    let before = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    let after = |ahead: usize| tokens.get(index + ahead);
    let is = |token: Option<&TokenTree>, c: char| token.is_some_and(|token| is_punct(token, c));
    let member = is(before(1), '.') && !is(before(2), '.');
    let tail_of_path = is(before(1), ':') && is(before(2), ':');
    let label = is(before(1), '\'');
    let call = matches!(after(1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    let makro = is(after(1), '!') && matches!(after(2), Some(TokenTree::Group(_)));
    // A colon behind a word: the head of a path, or a field's name.
    let head_of_path_or_field = is(after(1), ':');
    !(member || tail_of_path || label || call || makro || head_of_path_or_field)
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if Punct::as_char(punct) == c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(source: &str) -> Vec<String> {
        let tokens = source.parse().expect("valid tokens");
        free_names(&tokens)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn plain_uses_are_found() {
        assert_eq!(free("key"), ["key"]);
        assert_eq!(free("key + 1"), ["key"]);
        assert_eq!(free("map.get(&key)"), ["map", "key"]);
        assert_eq!(free("vec![0; len]"), ["len"]);
        assert_eq!(free("0..len"), ["len"]);
        assert_eq!(free("Point { x: key, y }"), ["Point", "key", "y"]);
        assert_eq!(free("key != 3"), ["key"]);
    }

    #[test]
    fn what_only_looks_like_a_use_is_not() {
        for source in [
            "key()",
            "key::new()",
            "a::key()",
            "key!()",
            "key!{}",
            "self::key",
            "'key: loop {}",
        ] {
            assert!(!free(source).contains(&"key".to_owned()), "{source}");
        }
        assert_eq!(free("x.key"), ["x"]);
        assert_eq!(free("Point { key: 1 }"), ["Point"]);
    }

    #[test]
    fn what_the_expression_binds_is_its_own() {
        for source in [
            "{ let key = 1; key }",
            "xs.iter().map(|key| key + 1)",
            "xs.iter().map(|(key, _)| key + 1)",
            "{ for key in xs { f(key) } }",
            "match x { Some(key) => key, None => 0 }",
            "{ fn f(key: u8) -> u8 { key } f(1) }",
            "if let Some(key) = x { key } else { 0 }",
        ] {
            assert!(!free(source).contains(&"key".to_owned()), "{source}");
        }
    }

    #[test]
    fn mentions_see_words_and_format_strings() {
        let mentioned =
            |source: &str| mentions(&source.parse().expect("valid tokens"), "size").is_some();
        assert!(mentioned("vec![0; size]"));
        assert!(mentioned("format!(\"{size}\")"));
        assert!(mentioned("x.size()"));
        assert!(!mentioned("\"size\""));
        assert!(!mentioned("sizes"));
    }
}
