//! What the code that `#[scale_bench]` writes leans on: defaults that explain themselves, the text of values, checks of
//! constants.

use std::fmt::{self, Display};
use std::mem::needs_drop;
use std::panic::resume_unwind;
use std::time::Duration;

use crate::measure::chunk::Inputs;

pub use crate::measure::chunk::Weighed;
pub use crate::sys::{Sendable, Sent, TaskSendable};
pub use scalebench_model::data::Work;

/// State or an input without `#[with]`: anything with a [`Default`].
///
/// It exists for its error message; it is implemented for every `Default` type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `Default`, so this parameter needs `#[with(...)]`",
    label = "write `#[with(...)]` before the parameter, with an expression that makes a `{Self}`",
    note = "or `#[values(...)]` for one benchmark for each of several values"
)]
pub trait DefaultState: Sized {
    /// The default value.
    fn default_state() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> DefaultState for T {
    fn default_state() -> Self {
        T::default()
    }
}

/// What a call returned, on its way to the text of an error, where it is one.
///
/// A [`Result`] tells its error by [`Display`], or by [`Debug`](std::fmt::Debug) where it has no `Display`; anything else
/// is no error. The choice is made by method lookup on the type and not by its name: [`ErrorShown`] is found before
/// [`ErrorDebugged`], that before [`ErrorUnknown`], and [`NoError`] last, since each needs one reference less.
#[derive(Debug)]
pub struct Returned<'a, O: ?Sized>(pub &'a O);

/// The error of a `Result` whose error can be displayed.
pub trait ErrorShown {
    /// The error, displayed.
    fn error_text(&self) -> Option<String>;
}

impl<T, E: Display> ErrorShown for &&&Returned<'_, Result<T, E>> {
    fn error_text(&self) -> Option<String> {
        self.0.as_ref().err().map(ToString::to_string)
    }
}

/// The error of a `Result` whose error cannot be displayed.
pub trait ErrorDebugged {
    /// The error, as `{:?}` shows it.
    fn error_text(&self) -> Option<String>;
}

impl<T, E: fmt::Debug> ErrorDebugged for &&Returned<'_, Result<T, E>> {
    fn error_text(&self) -> Option<String> {
        self.0.as_ref().err().map(|error| format!("{error:?}"))
    }
}

/// The error of a `Result` whose error has no text at all.
pub trait ErrorUnknown {
    /// That there is one.
    fn error_text(&self) -> Option<String>;
}

impl<T, E> ErrorUnknown for &Returned<'_, Result<T, E>> {
    fn error_text(&self) -> Option<String> {
        let is_error = self.0.is_err();
        is_error.then(|| "an error of a type without `Display` and `Debug`".to_owned())
    }
}

/// What is no `Result`.
pub trait NoError {
    /// `None`.
    fn error_text(&self) -> Option<String>;
}

impl<O: ?Sized> NoError for Returned<'_, O> {
    fn error_text(&self) -> Option<String> {
        None
    }
}

/// For calls whose results are not looked at.
pub fn never_fails<O>(_: &O) -> Option<String> {
    None
}

/// One value of a `#[values]` parameter, on its way to the text in the benchmark's id.
///
/// A type with [`Display`] shows itself; any other shows the source it was written as. The choice is made by method
/// lookup: [`DisplayText`] is found before [`SourceText`], which needs one reference more.
#[derive(Debug)]
pub struct ValueText<'a, T: ?Sized>(pub &'a T);

/// The text of a value that can be displayed.
pub trait DisplayText {
    /// The value, displayed; `source` is not looked at.
    fn value_text(&self, source: &str) -> String;
}

impl<T: Display + ?Sized> DisplayText for ValueText<'_, T> {
    fn value_text(&self, _source: &str) -> String {
        self.0.to_string()
    }
}

/// The text of a value that cannot be displayed.
pub trait SourceText {
    /// What was written in the source.
    fn value_text(&self, source: &str) -> String;
}

impl<T: ?Sized> SourceText for &ValueText<'_, T> {
    fn value_text(&self, source: &str) -> String {
        source.to_owned()
    }
}

/// A span shows itself in the one unit that says it best, as in `1us` and `2.5ms`.
///
/// This method is found before that of either trait.
impl ValueText<'_, Duration> {
    /// The span; `source` is not looked at.
    #[must_use]
    pub fn value_text(&self, _source: &str) -> String {
        // Ids are typed, so without letters that keyboards lack.
        format!("{:?}", self.0).replace('µ', "u")
    }
}

/// What a `const` in `#[values(…)]` stands for: one value, or all those of a slice or an array.
///
/// It exists for its error message; it is implemented for the type of the parameter and for lists of that.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a `{T}`, which this parameter takes, nor a slice or an array of them",
    label = "give a `{T}`, `&[{T}]` or `[{T}; N]`"
)]
pub trait ValueList<T> {
    /// The values.
    fn value_list(&self) -> Vec<T>;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> ValueList<T> for T {
    fn value_list(&self) -> Vec<T> {
        vec![self.clone()]
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone, const N: usize> ValueList<T> for [T; N] {
    fn value_list(&self) -> Vec<T> {
        self.to_vec()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone> ValueList<T> for &[T] {
    fn value_list(&self) -> Vec<T> {
        self.to_vec()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone, const N: usize> ValueList<T> for &[T; N] {
    fn value_list(&self) -> Vec<T> {
        self.to_vec()
    }
}

/// An array by reference is a slice, where the parameter takes one.
#[diagnostic::do_not_recommend]
impl<'a, T, const N: usize> ValueList<&'a [T]> for &'a [T; N] {
    fn value_list(&self) -> Vec<&'a [T]> {
        vec![self.as_slice()]
    }
}

/// What the value number `place` of a constant that holds `count` would be written as.
#[must_use]
pub fn element_source(constant: &str, place: usize, count: usize) -> String {
    if count == 1 {
        return constant.to_owned();
    }
    format!("{constant}[{place}]")
}

/// Checks, while compiling, thread counts that are given by a `const`.
///
/// # Panics
/// When there is none, or when one of them is 0. In a const context that is a compile error.
pub const fn check_threads(threads: &[usize]) {
    assert!(
        !threads.is_empty(),
        "`threads` is empty: name at least one thread count"
    );
    let mut index = 0;
    while index < threads.len() {
        assert!(
            threads[index] > 0,
            "`threads` holds a 0: thread counts start at 1"
        );
        index += 1;
    }
}

/// Checks, while compiling, numbers of tasks that are given by a `const`.
///
/// # Panics
/// When there is none, or when one of them is 0. In a const context that is a compile error.
pub const fn check_tasks(tasks: &[usize]) {
    assert!(
        !tasks.is_empty(),
        "`tasks` is empty: name at least one number of tasks"
    );
    let mut index = 0;
    while index < tasks.len() {
        assert!(
            tasks[index] > 0,
            "`tasks` holds a 0: numbers of tasks start at 1"
        );
        index += 1;
    }
}

/// A number that counts items or bytes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not count items or bytes",
    label = "give a number, as in `throughput = bytes(size * 8)`"
)]
pub trait WorkCount {
    /// The number; beyond 2^53 to the nearest that an `f64` holds.
    fn count(self) -> f64;
}

macro_rules! numbers_count_work {
    ($($number:ty)+) => {
        $(impl WorkCount for $number {
            #[inline]
            fn count(self) -> f64 {
                self as f64
            }
        })+
    };
}

numbers_count_work!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

/// What one call gets done; nothing is known of it when the number is not above 0.
pub fn work(unit: fn(f64) -> Work, count: impl WorkCount) -> Option<Work> {
    let count = count.count();
    (count > 0.0 && count.is_finite()).then(|| unit(count))
}

/// What one call gets done, counted from its inputs: 0 or more. Ends the launch when the number is none.
pub fn weight(count: impl WorkCount) -> f64 {
    let count = count.count();
    if count >= 0.0 && count.is_finite() {
        return count;
    }
    not_measured(&format!(
        "`throughput` counts {count} for a call: give a number of items or bytes, 0 or more"
    ))
}

/// The inputs of a call that takes no more than copies of its `#[values]`.
///
/// Copies that own nothing are made with the call, as any argument is; others are made ahead of the calls and untimed.
#[derive(Debug)]
pub struct Handed<T>(pub T);

impl<T> Inputs for Handed<T> {
    const ANY: bool = needs_drop::<T>();
}

/// What an expression in `#[with(...)]` may fail with at a `?`: any error, a boxed one or a text, which is all that is
/// kept of it.
///
/// It cannot be displayed itself: then `?` could no longer tell it from what it is made of.
#[derive(Debug)]
pub struct SetupError(pub(crate) String);

impl<E: Display> From<E> for SetupError {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// How a launch ends when it could not be set up or measured: an unwinding that is not a panic, so that no panic
/// hook reports it.
#[derive(Debug)]
pub(crate) struct SetupFailed(pub(crate) String);

/// Ends the launch because the expression for `parameter` failed.
pub fn setup_failed(parameter: &str, error: SetupError) -> ! {
    not_measured(&format!("`{parameter}` could not be made: {}", error.0))
}

/// Ends the launch with a message of its own.
pub(crate) fn not_measured(message: &str) -> ! {
    resume_unwind(Box::new(SetupFailed(message.to_owned())))
}

/// For an index that no `#[values]` parameter has; the registry never passes one.
///
/// # Panics
/// Always.
#[track_caller]
pub fn no_such_value(index: usize) -> ! {
    panic!("a `#[values]` parameter has no value number {index}")
}
