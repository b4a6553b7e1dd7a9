//! The holder of what moves into a rayon pool and back.

/// What a call in parallel mode may take along, and give back: anything that is [`Send`].
///
/// It exists for its error message; it is implemented for every `Send` type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent into the pool of threads",
    label = "`{Self}` is not `Send`, and a call of `parallel` runs on a thread of its pool",
    note = "use a type that is `Send`, as `Arc` is in place of `Rc`, or make it inside the function"
)]
pub trait Sendable: Send {}

#[diagnostic::do_not_recommend]
impl<T: Send> Sendable for T {}

/// State of the caller, an input or a result in parallel mode; the same of a task.
///
/// It is `Send` whatever `T` is, because [`Sent::new`] or [`Sent::by_task`] has already demanded it; so a type that is
/// not `Send` gives one error, on the parameter, and not a second one inside the harness.
#[derive(Debug)]
pub struct Sent<T>(T);

// SAFETY: a `Sent<T>` can only be made by `Sent::new` and `Sent::by_task`, which demand `T: Sendable` and
// `T: TaskSendable`; the supertrait of both is `Send`.
#[allow(unsafe_code)]
unsafe impl<T> Send for Sent<T> {}

impl<T: Sendable> Sent<T> {
    /// Holds `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }
}

/// What may belong to a task of an async benchmark, and what its calls may take and return: anything that is [`Send`].
///
/// It exists for its error message; it is implemented for every `Send` type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot move between worker threads",
    label = "`{Self}` is not `Send`, and a task goes on on another thread after an `.await`",
    note = "use a type that is `Send`, as `Arc` is in place of `Rc`, or make it inside the function"
)]
pub trait TaskSendable: Send {}

#[diagnostic::do_not_recommend]
impl<T: Send> TaskSendable for T {}

impl<T: TaskSendable> Sent<T> {
    /// Holds `value` for a task.
    pub fn by_task(value: T) -> Self {
        Self(value)
    }
}

impl<T> Sent<T> {
    /// What it holds.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// Gives back what it holds.
    pub fn into_inner(self) -> T {
        self.0
    }
}
