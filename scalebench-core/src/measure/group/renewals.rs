//! What the functions of a group start every window with.

use super::member::GroupMember;
use crate::measure::catch;
use crate::measure::seat::Part;
use crate::measure::subject::Renewal;
use crate::measure::team::Team;
use crate::protocol::WorkerFailure;

/// The functions that have something made anew.
pub(super) struct Renewals<'a>(Vec<&'a dyn Renewal>);

impl<'a> Renewals<'a> {
    pub(super) fn of(members: &'a [GroupMember<'_>]) -> Self {
        Self(members.iter().filter_map(GroupMember::renewal).collect())
    }

    /// Makes it: what all share, then what the threads of these parts have of their own.
    pub(super) fn make(&self, team: &mut Team, parts: &[Part]) -> Result<(), WorkerFailure> {
        if self.0.is_empty() {
            return Ok(());
        }
        for renewal in &self.0 {
            catch(|| renewal.make())?;
        }
        team.renew_of(parts)
    }

    /// Drops it, in the other order.
    pub(super) fn clear(&self, team: &mut Team, parts: &[Part]) -> Result<(), WorkerFailure> {
        if self.0.is_empty() {
            return Ok(());
        }
        team.clear_of(parts)?;
        self.0
            .iter()
            .try_for_each(|renewal| catch(|| renewal.clear()))
    }
}
