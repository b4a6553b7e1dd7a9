//! `--param size=1024`: values from the command line in place of those of a `#[values]` parameter, and `--threads 1,4` in
//! place of the threads in each process of a grid.
//!
//! They are set once a process, before the benchmarks are gathered: by the coordinator from its options, by a worker from
//! the coordinator's first order.

use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// The values given for the parameters of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
}

/// What the command line gives.
#[derive(Debug)]
struct Given {
    params: Vec<Param>,
    threads: Vec<u32>,
}

static GIVEN: OnceLock<Given> = OnceLock::new();

/// Sets them; what was set first stays. No `threads`: none were given.
pub(crate) fn set(params: &[Param], threads: &[u32]) {
    let _ = GIVEN.set(Given {
        params: params.to_vec(),
        threads: threads.to_vec(),
    });
}

fn values_of(name: &str) -> Option<&'static [String]> {
    let param = all().iter().find(|param| param.name == name)?;
    Some(&param.values)
}

/// The value number `index` that was given for the parameter `name`, as text.
pub fn given(name: &str, index: usize) -> Option<&'static str> {
    values_of(name)?.get(index).map(String::as_str)
}

/// What was made of a text.
#[derive(Debug)]
pub enum Read<T> {
    /// The value.
    Value(T),
    /// The type cannot be made from this text.
    Refused,
    /// The type cannot be made from text at all.
    Unreadable,
}

impl<T> Read<T> {
    /// The value as text, or why there is none.
    ///
    /// # Errors
    /// When there is no value.
    pub fn text(self, show: impl FnOnce(&T) -> String) -> Result<String, Unread> {
        match self {
            Self::Value(value) => Ok(show(&value)),
            Self::Refused => Err(Unread::Refused),
            Self::Unreadable => Err(Unread::Unreadable),
        }
    }
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The type cannot be made from this text.
    Refused,
    /// The type cannot be made from text at all.
    Unreadable,
}

/// The type of a parameter whose value was given.
///
/// The way to read it is chosen by method lookup on `&&&Typed`: text stays text ([`ReadText`]), before any other type
/// with [`FromStr`] ([`ReadFromStr`]), before all others ([`ReadNothing`]).
#[derive(Debug)]
pub struct Typed<T>(PhantomData<fn() -> T>);

impl<T> Typed<T> {
    /// Stands for `T`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Typed<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Text is read as it is.
pub trait ReadText<'a> {
    /// The value.
    fn read(&self, text: &'static str) -> Read<&'a str>;
}

impl<'a> ReadText<'a> for &&Typed<&'a str> {
    fn read(&self, text: &'static str) -> Read<&'a str> {
        Read::Value(text)
    }
}

/// What has [`FromStr`] is read by it.
pub trait ReadFromStr<T> {
    /// The value, if the text is one.
    fn read(&self, text: &'static str) -> Read<T>;
}

impl<T: FromStr> ReadFromStr<T> for &Typed<T> {
    fn read(&self, text: &'static str) -> Read<T> {
        text.parse().map_or(Read::Refused, Read::Value)
    }
}

/// Anything else cannot be read.
pub trait ReadNothing<T> {
    /// No value.
    fn read(&self, text: &'static str) -> Read<T>;
}

impl<T> ReadNothing<T> for Typed<T> {
    fn read(&self, _: &'static str) -> Read<T> {
        Read::Unreadable
    }
}

/// How a value of a `#[values]` parameter is read from text.
#[derive(Debug, Clone, Copy)]
pub struct FromText {
    /// Its type, as written.
    pub ty: &'static str,
    /// The value as the benchmark's id shows it.
    pub read: fn(&'static str) -> Result<String, Unread>,
}

/// What was given for the parameter `name` of `function`, as ids show it, or why it cannot be used; `None` when nothing
/// was.
pub(crate) fn texts(
    name: &str,
    from_text: Option<FromText>,
    function: &str,
) -> Option<Result<Vec<String>, String>> {
    let (from_text, values) = (from_text?, values_of(name)?);
    let mut texts: Vec<String> = Vec::new();
    for value in values {
        match (from_text.read)(value) {
            Ok(text) if texts.contains(&text) => {
                return Some(Err(format!(
                    "`--param {name}={}` gives `{text}` twice",
                    values.join(",")
                )));
            }
            Ok(text) => texts.push(text),
            Err(unread) => return Some(Err(unread.words(value, name, from_text.ty, function))),
        }
    }
    Some(Ok(texts))
}

impl Unread {
    /// Why `value` is none for the parameter `name` of `function`, whose type is `ty`.
    fn words(self, value: &str, name: &str, ty: &str, function: &str) -> String {
        match self {
            Self::Refused => {
                format!("`{value}` is no `{ty}`, and `{name}` of `{function}` takes one")
            }
            Self::Unreadable => format!(
                "`{name}` of `{function}` is a `{ty}`, which cannot be read from text: implement `FromStr` for it, or leave \
                 that benchmark out with a filter"
            ),
        }
    }
}

/// Every parameter that was given.
pub(crate) fn all() -> &'static [Param] {
    GIVEN.get().map_or(&[], |given| &given.params)
}

/// The thread counts that were given; empty where none were.
pub(crate) fn threads() -> &'static [u32] {
    GIVEN.get().map_or(&[], |given| &given.threads)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The attribute's code does not know the type, so it starts from three references every time.
    #[expect(clippy::needless_borrow)]
    #[test]
    fn types_are_read_by_what_they_can() {
        struct Closed;
        assert!(matches!((&&&Typed::<u8>::new()).read("7"), Read::Value(7)));
        assert!(matches!((&&&Typed::<u8>::new()).read("x"), Read::Refused));
        assert!(matches!(
            (&&&Typed::<&str>::new()).read("x"),
            Read::Value("x")
        ));
        let owned = (&&&Typed::<String>::new()).read("x");
        assert!(matches!(owned, Read::Value(text) if text == "x"));
        assert!(matches!(
            (&&&Typed::<Closed>::new()).read("x"),
            Read::Unreadable
        ));
    }
}
