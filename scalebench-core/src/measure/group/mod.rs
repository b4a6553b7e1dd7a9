//! Groups: several functions that are called at the same time.
//!
//! With [`roles`] each thread calls one of the functions, and the logs of its threads make a function's sample. In a
//! [`mix`] each thread draws one of the functions for every call, and every call is timed by itself. Either way what
//! counts of a window is decided by all threads: it is each other's company that is measured.

mod division;
mod member;
mod mix;
mod renewals;
mod roles;

pub use member::{GroupFresh, GroupMember};
pub(crate) use mix::serve as serve_mix;
pub(crate) use roles::serve as serve_roles;
