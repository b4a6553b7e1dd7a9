//! Without the feature `compare`, in place of `old_side`: a run is compared with nothing, and asking for it is refused.

use scalebench_model::data::{BenchmarkRecord, Host, Run};
use scalebench_store::{Home, StoreError, TargetName};

use super::Exit;
use super::listing::Known;
use crate::coordinator::{self, hosts::Fleet};
use crate::features::needed;
use crate::options::{Comparing, Options};

/// What a run will be compared with.
pub(super) enum OldSide {
    /// With nothing.
    None,
}

impl OldSide {
    /// No other build.
    pub(super) fn paired<'a>(&'a self, _: &'a Settles<'a>) -> Option<coordinator::OldSide<'a>> {
        None
    }

    /// There is nothing to compare with.
    pub(super) fn takes_long(&self) -> bool {
        false
    }

    /// Nothing to tell.
    pub(super) fn is_settled(&self, _: &Run, _: &BenchmarkRecord, _: &BenchmarkRecord) -> bool {
        true
    }
}

/// Whether an old and a new record tell what changed.
pub(super) type Settles<'a> = dyn Fn(&BenchmarkRecord, &BenchmarkRecord) -> bool + 'a;

/// Why nothing can be compared, in words, and how the run ends.
pub(super) type Refusal = (Exit, String);

/// Refuses the flags that ask for an old side.
pub(super) fn find(
    _home: &Home,
    _target: TargetName<'_>,
    _host: &Host,
    options: &Options,
    _known: &Known,
    _fleet: Option<&Fleet>,
) -> Result<OldSide, Refusal> {
    let comparing = &options.comparing;
    let asked = [
        ("--save-baseline", comparing.save.is_some()),
        ("--baseline", comparing.baseline.is_some()),
        ("--load-baseline", comparing.load.is_some()),
        ("--against", comparing.against.is_some()),
        ("--gate", comparing.gate.is_some()),
    ];
    match asked.into_iter().find(|(_, asked)| *asked) {
        Some((flag, _)) => Err((Exit::Usage, needed(flag, "compare"))),
        None => Ok(OldSide::None),
    }
}

/// [`find`] has refused this.
pub(super) fn save(_: &Home, _: &str, _: &Run, _: &Known) -> Result<(), StoreError> {
    Ok(())
}

/// [`find`] has refused this.
pub(super) fn loaded(_: &Home, _: &str, _: TargetName<'_>, _: &OldSide) -> Result<Run, Refusal> {
    Err((Exit::Usage, needed("--load-baseline", "compare")))
}

/// Nothing to compare with.
pub(super) fn compare(
    _: OldSide,
    _: &Home,
    _: &mut Run,
    _: &Known,
    _: Vec<BenchmarkRecord>,
    _: &Comparing,
) {
}
