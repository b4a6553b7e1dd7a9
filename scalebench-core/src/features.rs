//! What this build can do.
//!
//! A branch that these constants rule out is checked and then left out of the program, together with all that only it
//! calls. So an `if` at the entrance of a mode is enough, and nothing behind it needs a `cfg`. A method of a trait is an
//! entrance, too: those are in the program whether anybody calls them or not.

/// Load mode. Tests have everything.
pub(crate) const LOAD: bool = cfg!(any(test, feature = "load"));

/// Workers on other hosts, and several processes that measure together.
pub(crate) const HOSTS: bool = cfg!(any(test, feature = "hosts"));

/// What to say where `what` needs a feature that is missing.
pub(crate) fn needed(what: &str, feature: &str) -> String {
    format!(
        "`{what}` needs the feature `{feature}` of scalebench: add it to the `features` of the dependency in Cargo.toml"
    )
}
