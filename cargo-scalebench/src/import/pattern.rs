//! Where the thread count stands in an id.

use crate::exit::Failure;

/// A pattern such as `{name}/threads/{threads}`: literal text, one `{threads}`, and `{name}` wherever the rest stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Name,
    Threads,
}

/// What an id says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matched {
    /// What is left of the id without the thread count: the text of all `{name}`, joined by `/`.
    pub(super) name: String,
    /// The thread count.
    pub(super) threads: u32,
}

/// No machine can start more threads than this.
const MOST_THREADS: u32 = 1_000_000;

impl Default for Pattern {
    fn default() -> Self {
        let slash = Part::Literal("/threads/".to_owned());
        let text = "{name}/threads/{threads}".to_owned();
        Self {
            text,
            parts: vec![Part::Name, slash, Part::Threads],
        }
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When `{threads}` or `{name}` is missing, two of them stand side by side, or a brace is anything else.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (part, length) = next(rest);
            let stuck = !matches!(part, Part::Literal(_))
                && parts
                    .last()
                    .is_some_and(|last| !matches!(last, Part::Literal(_)));
            if stuck || length == 0 {
                return Err(bad(text));
            }
            parts.push(part);
            rest = &rest[length..];
        }
        let count = |wanted: &Part| parts.iter().filter(|part| *part == wanted).count();
        if count(&Part::Threads) != 1 || count(&Part::Name) == 0 {
            return Err(bad(text));
        }
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// What `id` says, if it looks like this.
    pub(super) fn matches(&self, id: &str) -> Option<Matched> {
        let mut names = Vec::new();
        let threads = fit(&self.parts, id, &mut names)?;
        names.reverse();
        Some(Matched {
            name: names.join("/"),
            threads,
        })
    }

    /// The pattern as it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

fn bad(text: &str) -> Failure {
    Failure::usage(format!(
        "`--pattern` takes text with one {{threads}} and a {{name}} that do not touch, as {{name}}/threads/{{threads}}, \
         not `{text}`"
    ))
}

/// The first part of `text` and its length; length 0 is a brace that begins neither placeholder.
fn next(text: &str) -> (Part, usize) {
    for (word, part) in [("{name}", Part::Name), ("{threads}", Part::Threads)] {
        if text.starts_with(word) {
            return (part, word.len());
        }
    }
    let length = text.find('{').unwrap_or(text.len());
    (Part::Literal(text[..length].to_owned()), length)
}

/// Fits the parts to the whole of `text`, names as long as they can be. Pushes the names, the last one first.
fn fit(parts: &[Part], text: &str, names: &mut Vec<String>) -> Option<u32> {
    let (first, rest) = parts.split_first()?;
    match first {
        Part::Literal(literal) => {
            let after = text.strip_prefix(literal.as_str())?;
            if rest.is_empty() && after.is_empty() {
                Some(0)
            } else {
                fit(rest, after, names)
            }
        }
        Part::Threads => {
            let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let threads = text[..digits].parse().ok();
            let threads = threads.filter(|threads| (1..=MOST_THREADS).contains(threads))?;
            let after = &text[digits..];
            let ends = rest.is_empty() && after.is_empty();
            if ends {
                Some(threads)
            } else {
                fit(rest, after, names).map(|_| threads)
            }
        }
        Part::Name if rest.is_empty() => {
            (!text.is_empty()).then(|| names.push(text.to_owned()))?;
            Some(0)
        }
        Part::Name => {
            let ends = text
                .char_indices()
                .map(|(at, _)| at)
                .skip(1)
                .collect::<Vec<_>>();
            ends.into_iter().rev().find_map(|end| {
                let threads = fit(rest, &text[end..], names)?;
                names.push(text[..end].to_owned());
                Some(threads)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &str, id: &str) -> Option<(String, u32)> {
        let pattern = Pattern::parse(pattern).expect("valid");
        pattern
            .matches(id)
            .map(|matched| (matched.name, matched.threads))
    }

    #[test]
    fn the_default_is_what_the_plug_in_writes() {
        let expected = Some(("maps/insert".to_owned(), 4));
        assert_eq!(
            matched("{name}/threads/{threads}", "maps/insert/threads/4"),
            expected
        );
        assert_eq!(
            Pattern::parse("{name}/threads/{threads}").expect("valid"),
            Pattern::default()
        );
    }

    #[test]
    fn other_places() {
        assert_eq!(
            matched("{name}/{threads}", "a/b/8"),
            Some(("a/b".to_owned(), 8))
        );
        assert_eq!(
            matched("{name}_{threads}t", "a_b_16t"),
            Some(("a_b".to_owned(), 16))
        );
        assert_eq!(
            matched("{threads} threads {name}", "2 threads x"),
            Some(("x".to_owned(), 2))
        );
        let both = Some(("put/64".to_owned(), 2));
        assert_eq!(
            matched(
                "{name}/threads/{threads}/size/{name}",
                "put/threads/2/size/64"
            ),
            both
        );
    }

    #[test]
    fn what_does_not_fit() {
        for id in [
            "",
            "threads/4",
            "a/threads/",
            "a/threads/x",
            "a/threads/0",
            "a/threads/4/b",
        ] {
            assert_eq!(matched("{name}/threads/{threads}", id), None, "{id}");
        }
        assert_eq!(
            matched("{name}/threads/{threads}", "a/threads/99999999999999"),
            None
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "x",
            "{threads}",
            "{name}",
            "{name}{threads}",
            "{name}/{thread}",
            "{name",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }
}
