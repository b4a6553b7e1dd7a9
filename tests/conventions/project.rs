//! One temporary workspace for all tests, made and built once.
//!
//! | package | what it stands for |
//! | --- | --- |
//! | `alpha` | a library with two bench targets, and a target name that is no identifier |
//! | `nested/beta` | a program in a subfolder |
//! | `only` | a package of nothing but a bench |
//! | `plain` | a library that keeps libtest's harness |
//! | `faults` | benchmarks that panic, and a target without any |

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const WORKSPACE: &str = r#"
[workspace]
members = ["alpha", "nested/beta", "only", "plain", "faults"]
default-members = ["alpha", "nested/beta", "only"]
resolver = "3"
[workspace.package]
edition = "2024"
[profile.dev]
debug = false
[profile.bench]
opt-level = 0
debug = false
"#;

const ALPHA: &str = r#"
[lib]
bench = false
[[bench]]
name = "maps"
harness = false
[[bench]]
name = "two-words"
harness = false
"#;

const ALPHA_LIB: &str = r#"
pub fn twice(x: u64) -> u64 { x.wrapping_mul(2) }
#[cfg(test)]
mod tests {
    #[test]
    fn ordinary() { assert_eq!(super::twice(2), 4); }
}
"#;

const MAPS: &str = r#"
use scalebench::scale_bench;
use std::sync::atomic::{AtomicU64, Ordering};
#[scale_bench]
fn shared(counter: &AtomicU64) { counter.fetch_add(1, Ordering::Relaxed); }
#[scale_bench]
fn sized(#[values(1, 2)] size: u64) -> u64 { alpha::twice(size) }
#[scale_bench(ignore)]
fn later() -> u64 { alpha::twice(3) }
scalebench::main!();
"#;

const TWO_WORDS: &str = r#"
#[scalebench::scale_bench(name = "private count")]
fn private(own: &mut u64) { *own += 1; }
scalebench::main!();
"#;

const BETA: &str = "
[[bin]]
name = \"beta\"
bench = false
[[bench]]
name = \"maps\"
harness = false
";

const BETA_MAPS: &str = r#"
#[scalebench::scale_bench]
fn nested(own: &mut u64) { *own += 1; }
scalebench::main!();
"#;

const ONLY: &str = "
[[bench]]
name = \"alone\"
path = \"alone.rs\"
harness = false
";

const ALONE: &str = r#"
#[scalebench::scale_bench]
fn alone(own: &mut u64) { *own += 1; }
scalebench::main!();
"#;

const PLAIN: &str = "
[[bench]]
name = \"plain\"
harness = false
";

const FAULTS: &str = "
[lib]
bench = false
[[bench]]
name = \"faults\"
harness = false
[[bench]]
name = \"empty\"
harness = false
";

const FAULTS_BENCH: &str = r#"
#[scalebench::scale_bench]
fn sound(own: &mut u64) { *own += 1; }
#[scalebench::scale_bench]
fn unsound(own: &mut u64) { assert!(*own > 0, "nothing is owned"); }
scalebench::main!();
"#;

/// The folder of the workspace, with every package built for `cargo bench` and `cargo test`.
pub(crate) fn workspace() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(|| {
        let folder = write_workspace();
        for arguments in [
            ["bench", "--workspace", "--no-run"],
            ["test", "--workspace", "--no-run"],
        ] {
            let output = cargo_in(&folder, &arguments)
                .output()
                .expect("cargo starts");
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        folder
    })
}

fn write_workspace() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conventions");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    write(&folder, "Cargo.toml", WORKSPACE);
    // The same versions as the repository: nothing new to download.
    let lock = fs::read_to_string(repository.join("Cargo.lock")).expect("a lock file");
    if !folder.join("Cargo.lock").exists() {
        write(&folder, "Cargo.lock", &lock);
    }
    for (path, targets) in [
        ("alpha", ALPHA),
        ("nested/beta", BETA),
        ("only", ONLY),
        ("plain", PLAIN),
        ("faults", FAULTS),
    ] {
        let name = path.rsplit('/').next().expect("a name");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition.workspace = true\n\
             [dev-dependencies]\nscalebench = {{ path = {repository:?} }}\n{targets}"
        );
        write(&folder, &format!("{path}/Cargo.toml"), &manifest);
    }
    for (path, text) in [
        ("alpha/src/lib.rs", ALPHA_LIB),
        ("alpha/benches/maps.rs", MAPS),
        ("alpha/benches/two-words.rs", TWO_WORDS),
        ("nested/beta/src/main.rs", "fn main() {}\n"),
        ("nested/beta/benches/maps.rs", BETA_MAPS),
        ("only/alone.rs", ALONE),
        ("plain/src/lib.rs", ""),
        ("plain/benches/plain.rs", ALONE),
        ("faults/src/lib.rs", ""),
        ("faults/benches/faults.rs", FAULTS_BENCH),
        ("faults/benches/empty.rs", "scalebench::main!();\n"),
    ] {
        write(&folder, path, text);
    }
    folder
}

/// Writes a file unless it says the same already: cargo looks at the time of the last change.
pub(crate) fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    fs::write(path, text).expect("writable");
}

/// `cargo ARGUMENTS` in `folder`, with nothing of what the surrounding cargo or shell says about scalebench.
pub(crate) fn cargo_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder).args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SCALEBENCH_") {
            command.env_remove(name);
        }
    }
    command
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_NET_OFFLINE", "true");
    command.env("CARGO_TERM_COLOR", "never");
    command
}

/// The target folder of the workspace.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("conventions-target")
}
