//! The holders of state that all threads, or all tasks, share.

use std::sync::Arc;

use crossbeam_utils::CachePadded;

/// What may be shared by all calling threads: anything that is [`Sync`].
///
/// It exists for its error message; it is implemented for every `Sync` type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared by the calling threads",
    label = "`{Self}` is not `Sync`, so N threads cannot share one",
    note = "take `&mut {Self}` to give each thread its own, or put it behind a `Mutex`, a `RwLock` or an atomic"
)]
pub trait Shareable: Sync {}

#[diagnostic::do_not_recommend]
impl<T: Sync + ?Sized> Shareable for T {}

/// State that all calling threads share: a `&T` parameter.
///
/// It is `Sync` whatever `T` is, because [`Shared::new`] has already demanded it; so a type that is not `Sync` gives one
/// error, on the parameter, and not a second one inside the harness.
///
/// It has its cache lines to itself. Beside it on the stack lie the closures that each call reads: if they were on the
/// line that the threads fight for, a call would pay for that line twice.
#[derive(Debug)]
pub struct Shared<T>(CachePadded<T>);

// SAFETY: a `Shared<T>` can only be made by `Shared::new`, which demands `T: Shareable`, whose supertrait is `Sync`.
#[allow(unsafe_code)]
unsafe impl<T> Sync for Shared<T> {}

impl<T: Shareable> Shared<T> {
    /// Holds `value` for all threads.
    pub fn new(value: T) -> Self {
        Self(CachePadded::new(value))
    }
}

impl<T> Shared<T> {
    /// The one instance.
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// What the tasks of an async benchmark may share: anything that is [`Sync`] and [`Send`].
///
/// It exists for its error message; it is implemented for every such type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared by the tasks",
    label = "`{Self}` is not both `Sync` and `Send`, and the tasks that share it run on several threads",
    note = "take `&mut` to give each task its own, or put it behind a `Mutex` or an atomic, as `Arc` in place of `Rc`"
)]
pub trait TaskShareable: Sync + Send {}

#[diagnostic::do_not_recommend]
impl<T: Sync + Send + ?Sized> TaskShareable for T {}

/// State that all tasks of an async benchmark share; clones refer to the same instance, which the last one drops.
///
/// It is `Send` and `Sync` whatever `T` is, because [`TaskShared::new`] has already demanded it: as for [`Shared`], one
/// error is enough.
#[derive(Debug)]
pub struct TaskShared<T>(Arc<CachePadded<T>>);

// SAFETY: a `TaskShared<T>` can only be made by `TaskShared::new`, which demands `T: TaskShareable`, whose supertraits
// are `Send` and `Sync`; an `Arc` of such a type is both.
#[allow(unsafe_code)]
unsafe impl<T> Send for TaskShared<T> {}

// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl<T> Sync for TaskShared<T> {}

impl<T: TaskShareable> TaskShared<T> {
    /// Holds `value` for all tasks.
    pub fn new(value: T) -> Self {
        Self(Arc::new(CachePadded::new(value)))
    }
}

impl<T> TaskShared<T> {
    /// The one instance.
    pub fn get(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for TaskShared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// What may be made anew for every window and shared by all calling threads: anything that is [`Send`] and [`Sync`].
///
/// It exists for its error message; it is implemented for every such type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared by the calling threads",
    label = "`{Self}` is not `Sync` and `Send`, so N threads cannot share one in each window",
    note = "take `&mut {Self}` to give each thread its own, or put it behind a `Mutex`, a `RwLock` or an atomic"
)]
pub trait Renewable: Send + Sync {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + ?Sized> Renewable for T {}

/// State that all calling threads share for the length of a window: a `&T` parameter with `#[fresh]`.
///
/// As [`Shared`], it gives one error for a type that does not fit, and has its cache lines to itself. Any thread may be
/// the one that drops it, so it is also [`Send`].
#[derive(Debug)]
pub struct SharedAnew<T>(CachePadded<T>);

// SAFETY: a `SharedAnew<T>` can only be made by `SharedAnew::new`, which demands `T: Renewable`, whose supertraits are
// `Send` and `Sync`.
#[allow(unsafe_code)]
unsafe impl<T> Send for SharedAnew<T> {}

// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl<T> Sync for SharedAnew<T> {}

impl<T: Renewable> SharedAnew<T> {
    /// Holds `value` for all threads.
    pub fn new(value: T) -> Self {
        Self(CachePadded::new(value))
    }
}

impl<T> SharedAnew<T> {
    /// The one instance of this window.
    pub fn get(&self) -> &T {
        &self.0
    }
}
