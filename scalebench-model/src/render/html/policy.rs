//! The page's style and script, and the policy that lets nothing else run.
//!
//! The policy names both by their SHA-256, so that markup that somehow came in through a name could neither run a script
//! nor load anything. A test computes the hashes anew and says what to write here.

/// The style sheet.
pub(super) const STYLE: &str = include_str!("../templates/page.css");

/// The script: sorting, filtering, tooltips. The page reads well without it.
pub(super) const SCRIPT: &str = include_str!("../templates/page.js");

/// SHA-256 of [`STYLE`] in base 64.
const STYLE_HASH: &str = "7l/8AHrgLFUzhcSNLWyV8GnnjIT8MZSB2y70Vr4oLF4=";

/// SHA-256 of [`SCRIPT`] in base 64.
const SCRIPT_HASH: &str = "nyKya3oZlhdEFNPPt91YRsE+cGdqMsRRUvkMdp50j0k=";

/// The content of the `Content-Security-Policy` meta element.
pub(super) fn content_security_policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; \
         base-uri 'none'; form-action 'none'"
    )
}
