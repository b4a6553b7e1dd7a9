//! One function of a group: how its callers are made.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::annotate::never_fails;
use crate::launch::Thread;
use crate::measure::chunk::{Caller, Inputs};
use crate::measure::subject::{Lasting, Renewal, Renewed, Shown, Subject};
use crate::measure::window::Chunks;

/// One function of a group, as the attribute's code hands it over.
pub struct GroupMember<'a>(Box<dyn MakeCaller + Sync + 'a>);

impl<'a> GroupMember<'a> {
    /// `own` makes a thread's state (once a launch, on that thread), `input` the inputs of one call, untimed, and `call`
    /// is the call; what it returns is dropped outside the timing.
    pub fn new<L: 'a, I: Inputs + 'a, O: 'a>(
        own: impl Fn(Thread) -> L + Sync + 'a,
        input: impl Fn(Thread, &mut L) -> I + Sync + 'a,
        call: impl Fn(&mut L, I) -> O + Sync + 'a,
    ) -> Self {
        Self(Box::new(Shown::new(Lasting::new(
            own,
            input,
            call,
            never_fails,
        ))))
    }

    /// The same with state that is made anew for every window: `common` makes, or finds, what the threads share, and
    /// then `fresh` what each has of its own, on that thread.
    pub fn fresh<L: 'a, D: Send + Sync + 'a, F: 'a, I: Inputs + 'a, O: 'a>(
        own: impl Fn(Thread) -> L + Sync + 'a,
        common: impl Fn() -> D + Sync + 'a,
        fresh: impl Fn(Thread, &D, &mut L) -> F + Sync + 'a,
        input: impl Fn(Thread, &D, &mut L, &mut F) -> I + Sync + 'a,
        call: impl Fn(&D, &mut L, &mut F, I) -> O + Sync + 'a,
    ) -> Self {
        let subject = Renewed::new(own, common, fresh, input, call, |_| None);
        Self(Box::new(Shown::new(subject)))
    }

    /// What it starts every window with, where there is anything.
    pub(super) fn renewal(&self) -> Option<&dyn Renewal> {
        self.0.renewal()
    }

    /// A caller on this thread.
    pub(super) fn caller(&self, thread: Thread) -> Box<dyn Chunks + '_> {
        self.0.caller(thread)
    }

    /// The most calls in one chunk.
    pub(super) fn max_chunk(&self) -> u64 {
        self.0.max_chunk()
    }
}

impl fmt::Debug for GroupMember<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GroupMember")
    }
}

/// Hides the types of one function's state, inputs and results from those of the others.
trait MakeCaller {
    fn caller(&self, thread: Thread) -> Box<dyn Chunks + '_>;
    fn max_chunk(&self) -> u64;
    fn renewal(&self) -> Option<&dyn Renewal>;
}

impl<B: Subject> MakeCaller for Shown<B> {
    fn caller(&self, thread: Thread) -> Box<dyn Chunks + '_> {
        Box::new(Caller::new(thread, self))
    }

    fn max_chunk(&self) -> u64 {
        Caller::<B>::max_chunk()
    }

    fn renewal(&self) -> Option<&dyn Renewal> {
        if B::RENEWS { Some(self) } else { None }
    }
}

/// What all functions of a group share of a window: whoever asks first makes it, and it is gone when the last has let go.
pub struct GroupFresh<D, M> {
    make: M,
    present: Mutex<Weak<D>>,
}

impl<D: Send + Sync, M: Fn() -> D + Sync> GroupFresh<D, M> {
    /// `make` makes it.
    pub fn new(make: M) -> Self {
        Self {
            make,
            present: Mutex::new(Weak::new()),
        }
    }

    /// That of the present window.
    pub fn get(&self) -> Arc<D> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present.upgrade().unwrap_or_else(|| {
            let made = Arc::new((self.make)());
            *present = Arc::downgrade(&made);
            made
        })
    }
}

impl<D, M> fmt::Debug for GroupFresh<D, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GroupFresh")
    }
}
