//! One function of a group: how its callers are made.

use std::fmt;

use crate::annotate::never_fails;
use crate::launch::Thread;
use crate::measure::chunk::{Caller, Inputs};
use crate::measure::subject::{Lasting, Shown, Subject};
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
}

impl<B: Subject> MakeCaller for Shown<B> {
    fn caller(&self, thread: Thread) -> Box<dyn Chunks + '_> {
        Box::new(Caller::new(thread, self))
    }

    fn max_chunk(&self) -> u64 {
        Caller::<B>::max_chunk()
    }
}
