//! What runs are of.

use scalebench_model::data::Run;

/// Which bench target a run is of. Packages of one workspace may have targets of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetName<'a> {
    /// Name of its package, where known.
    pub package: Option<&'a str>,
    /// Its own name.
    pub name: &'a str,
}

impl<'a> TargetName<'a> {
    /// The target of a run.
    #[must_use]
    pub fn of(run: &'a Run) -> Self {
        Self {
            package: run.package.as_deref(),
            name: &run.target,
        }
    }
}
