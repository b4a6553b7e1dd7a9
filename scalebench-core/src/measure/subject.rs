//! What is measured: how its states and inputs are made, and the call. The one place where the user's closures are
//! bundled; the rest of measuring knows them as a [`Subject`].

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use super::chunk::Inputs;
use crate::launch::Thread;

/// What is measured.
pub(crate) trait Subject: Sync {
    /// State of a window that its callers share.
    type Common: Send + Sync;
    /// A caller's state of the launch.
    type Own;
    /// A caller's state of a window.
    type Fresh;
    /// The owned parameters of a call.
    type Input: Inputs;
    /// What a call returns.
    type Output;
    /// Whether anything is made anew for every window.
    const RENEWS: bool;

    fn own(&self, thread: Thread) -> Self::Own;
    fn common(&self) -> Self::Common;
    fn fresh(&self, thread: Thread, common: &Self::Common, own: &mut Self::Own) -> Self::Fresh;
    fn input(
        &self,
        thread: Thread,
        common: &Self::Common,
        own: &mut Self::Own,
        fresh: &mut Self::Fresh,
    ) -> Self::Input;
    fn call(
        &self,
        common: &Self::Common,
        own: &mut Self::Own,
        fresh: &mut Self::Fresh,
        input: Self::Input,
    ) -> Self::Output;
    /// The error that a call returned, in words, where it returned one.
    fn error(&self, output: &Self::Output) -> Option<String>;
}

/// A subject whose state lasts for the launch.
pub(crate) struct Lasting<N, M, C, E, Types> {
    own: N,
    input: M,
    call: C,
    error: E,
    types: PhantomData<fn() -> Types>,
}

impl<N, M, C, E, L, I, O> Lasting<N, M, C, E, (L, I, O)>
where
    N: Fn(Thread) -> L + Sync,
    I: Inputs,
    M: Fn(Thread, &mut L) -> I + Sync,
    C: Fn(&mut L, I) -> O + Sync,
    E: Fn(&O) -> Option<String> + Sync,
{
    pub(crate) fn new(own: N, input: M, call: C, error: E) -> Self {
        Self {
            own,
            input,
            call,
            error,
            types: PhantomData,
        }
    }
}

impl<N, M, C, E, L, I, O> Subject for Lasting<N, M, C, E, (L, I, O)>
where
    N: Fn(Thread) -> L + Sync,
    I: Inputs,
    M: Fn(Thread, &mut L) -> I + Sync,
    C: Fn(&mut L, I) -> O + Sync,
    E: Fn(&O) -> Option<String> + Sync,
{
    type Common = ();
    type Own = L;
    type Fresh = ();
    type Input = I;
    type Output = O;
    const RENEWS: bool = false;

    fn own(&self, thread: Thread) -> L {
        (self.own)(thread)
    }

    fn common(&self) {}

    fn fresh(&self, _: Thread, (): &(), _: &mut L) {}

    #[inline]
    fn input(&self, thread: Thread, (): &(), own: &mut L, (): &mut ()) -> I {
        (self.input)(thread, own)
    }

    #[inline]
    fn call(&self, (): &(), own: &mut L, (): &mut (), input: I) -> O {
        (self.call)(own, input)
    }

    fn error(&self, output: &O) -> Option<String> {
        (self.error)(output)
    }
}

/// A subject some of whose state is made anew for every window.
pub(crate) struct Renewed<N, S, F, M, C, E, Types> {
    own: N,
    common: S,
    fresh: F,
    input: M,
    call: C,
    error: E,
    types: PhantomData<fn() -> Types>,
}

impl<N, S, F, M, C, E, D, L, W, I, O> Renewed<N, S, F, M, C, E, (D, L, W, I, O)>
where
    N: Fn(Thread) -> L + Sync,
    D: Send + Sync,
    S: Fn() -> D + Sync,
    F: Fn(Thread, &D, &mut L) -> W + Sync,
    I: Inputs,
    M: Fn(Thread, &D, &mut L, &mut W) -> I + Sync,
    C: Fn(&D, &mut L, &mut W, I) -> O + Sync,
    E: Fn(&O) -> Option<String> + Sync,
{
    pub(crate) fn new(own: N, common: S, fresh: F, input: M, call: C, error: E) -> Self {
        Self {
            own,
            common,
            fresh,
            input,
            call,
            error,
            types: PhantomData,
        }
    }
}

impl<N, S, F, M, C, E, D, L, W, I, O> Subject for Renewed<N, S, F, M, C, E, (D, L, W, I, O)>
where
    N: Fn(Thread) -> L + Sync,
    D: Send + Sync,
    S: Fn() -> D + Sync,
    F: Fn(Thread, &D, &mut L) -> W + Sync,
    I: Inputs,
    M: Fn(Thread, &D, &mut L, &mut W) -> I + Sync,
    C: Fn(&D, &mut L, &mut W, I) -> O + Sync,
    E: Fn(&O) -> Option<String> + Sync,
{
    type Common = D;
    type Own = L;
    type Fresh = W;
    type Input = I;
    type Output = O;
    const RENEWS: bool = true;

    fn own(&self, thread: Thread) -> L {
        (self.own)(thread)
    }

    fn common(&self) -> D {
        (self.common)()
    }

    fn fresh(&self, thread: Thread, common: &D, own: &mut L) -> W {
        (self.fresh)(thread, common, own)
    }

    #[inline]
    fn input(&self, thread: Thread, common: &D, own: &mut L, fresh: &mut W) -> I {
        (self.input)(thread, common, own, fresh)
    }

    #[inline]
    fn call(&self, common: &D, own: &mut L, fresh: &mut W, input: I) -> O {
        (self.call)(common, own, fresh, input)
    }

    fn error(&self, output: &O) -> Option<String> {
        (self.error)(output)
    }
}

/// A subject, and the state that the callers of the present window share.
pub(crate) struct Shown<B: Subject> {
    pub(super) subject: B,
    common: Mutex<Option<Arc<B::Common>>>,
}

impl<B: Subject> Shown<B> {
    pub(crate) fn new(subject: B) -> Self {
        Self {
            subject,
            common: Mutex::new(None),
        }
    }

    /// The state that callers share, made by whoever comes first.
    pub(super) fn common(&self) -> Arc<B::Common> {
        let mut common = self.common.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(common.get_or_insert_with(|| Arc::new(self.subject.common())))
    }
}

/// The part of a window's state that belongs to no caller, for the engines, which know no types of the user's.
pub(crate) trait Renewal {
    /// Makes it.
    fn make(&self);
    /// Drops it. The callers have let go of it before.
    fn clear(&self);
}

impl<B: Subject> Renewal for Shown<B> {
    fn make(&self) {
        self.common();
    }

    fn clear(&self) {
        let mut common = self.common.lock().unwrap_or_else(PoisonError::into_inner);
        let last = common.take();
        // What it does when dropped is the user's, and may panic or take long.
        drop(common);
        drop(last);
    }
}
