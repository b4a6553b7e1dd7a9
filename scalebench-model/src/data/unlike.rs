//! Whether the figures of two machines may be compared.

use super::Host;

/// What makes two machines unlike, in words; `None` for machines whose figures may be compared.
///
/// ```
/// use scalebench_model::data::{Host, unlike};
/// let old = Host { cpus: 8, ..Host::default() };
/// assert_eq!(unlike(&old, &old), None);
/// let new = Host { cpus: 4, ..Host::default() };
/// assert_eq!(unlike(&old, &new).unwrap(), "it had 8 CPUs, this one 4");
/// ```
#[must_use]
pub fn unlike(old: &Host, new: &Host) -> Option<String> {
    if old.model != new.model {
        return Some(format!(
            "its CPU is `{}`, this one's `{}`",
            old.model, new.model
        ));
    }
    if old.cpus != new.cpus {
        return Some(format!("it had {} CPUs, this one {}", old.cpus, new.cpus));
    }
    if old.quota_cpus != new.quota_cpus {
        let quota = |host: &Host| {
            host.quota_cpus
                .map_or("none".to_owned(), |cpus| format!("{cpus} CPUs"))
        };
        return Some(format!(
            "its CPU quota was {}, this one's is {}",
            quota(old),
            quota(new)
        ));
    }
    None
}
