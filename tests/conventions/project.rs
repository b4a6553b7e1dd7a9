//! One temporary workspace for all tests, made and built once.
//!
//! | package | what it stands for |
//! | --- | --- |
//! | `alpha` | a library with two bench targets, and a target name that is no identifier |
//! | `nested/beta` | a program in a subfolder |
//! | `only` | a package of nothing but a bench |
//! | `plain` | a library that keeps libtest's harness |
//! | `faults` | benchmarks that panic, and a target without any |
//! | `twin` | a package with a benchmark of the same id as one of `alpha` |
//! | `within` | a library with benchmarks in its own modules, and two bench targets that link it |

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const WORKSPACE: &str = r#"
[workspace]
members = ["alpha", "nested/beta", "only", "plain", "faults", "twin", "within"]
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

const TWIN: &str = "
[lib]
bench = false
[[bench]]
name = \"maps\"
harness = false
";

const TWIN_MAPS: &str = r#"
#[scalebench::scale_bench]
fn shared(own: &mut u64) { *own += 1; }
scalebench::main!();
"#;

const FAULTS_BENCH: &str = r#"
#[scalebench::scale_bench]
fn sound(own: &mut u64) { *own += 1; }
#[scalebench::scale_bench]
fn unsound(own: &mut u64) { assert!(*own > 0, "nothing is owned"); }
scalebench::main!();
"#;

const WITHIN: &str = r#"
[dependencies]
scalebench = { path = "REPOSITORY", optional = true }
[features]
bench = ["dep:scalebench"]
[lib]
bench = false
[[bench]]
name = "inside"
harness = false
required-features = ["bench"]
[[bench]]
name = "both"
harness = false
required-features = ["bench"]
"#;

const WITHIN_LIB: &str = r#"
#![deny(warnings)]
#![forbid(unsafe_code)]

pub mod cache {
    use std::sync::Mutex;

    #[derive(Default)]
    pub struct Cache(Mutex<Vec<u64>>);

    impl Cache {
        pub fn of(length: usize) -> Self { Self(Mutex::new(vec![0; length])) }
        pub fn len(&self) -> usize { self.0.lock().unwrap().len() }
        pub fn set(&self, key: u64) { set(self, key, 4) }
    }

    #[cfg_attr(feature = "bench", scalebench::scale_bench)]
    fn set(
        #[cfg_attr(feature = "bench", with(Cache::of(size)))] cache: &Cache,
        key: u64,
        #[cfg_attr(feature = "bench", values(4, 8))] size: usize,
    ) {
        cache.0.lock().unwrap()[key as usize % size] = key;
    }

    pub mod deep {
        /// Lifetimes of its own, with a bound.
        #[cfg_attr(feature = "bench", scalebench::scale_bench)]
        pub fn longest<'a, 'b: 'a>(
            #[cfg_attr(feature = "bench", with("some"))] one: &'a str,
            #[cfg_attr(feature = "bench", with("other"))] other: &'b str,
        ) -> &'a str {
            if one.len() > other.len() { one } else { other }
        }

        #[cfg_attr(feature = "bench", scalebench::scale_bench)]
        pub const fn twice(number: u64) -> u64 { number.wrapping_mul(2) }
    }
}

macro_rules! counter {
    ($module:ident, $visibility:vis $name:ident, $step:expr) => {
        pub mod $module {
            #[cfg_attr(feature = "bench", scalebench::scale_bench)]
            $visibility fn $name(#[cfg_attr(feature = "bench", with($step))] own: &mut u64) {
                *own += $step;
            }
        }
    };
}

counter!(by_one, pub(crate) count, 1);
counter!(by_two, pub count, 2);

pub fn count(number: &mut u64) { by_one::count(number) }

#[cfg(test)]
mod tests {
    #[test]
    fn annotated_functions_are_ordinary_ones() {
        let cache = super::cache::Cache::of(4);
        cache.set(7);
        assert_eq!(cache.len(), 4);
        assert_eq!(super::cache::deep::longest("ab", "c"), "ab");
        const FOUR: u64 = super::cache::deep::twice(2);
        let mut number = FOUR;
        super::count(&mut number);
        super::by_two::count(&mut number);
        assert_eq!(number, 7);
    }
}
"#;

const INSIDE: &str = "use within as _;\nscalebench::main!();\n";

const BOTH: &str = r#"
#[scalebench::scale_bench]
fn outside(#[with(within::cache::Cache::of(4))] cache: &within::cache::Cache, key: u64) { cache.set(key); }
scalebench::main!();
"#;

/// The folder of the workspace, with every package built for `cargo bench` and `cargo test`.
pub(crate) fn workspace() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(|| {
        let folder = write_workspace();
        for arguments in [
            [
                "bench",
                "--workspace",
                "--features",
                "within/bench",
                "--no-run",
            ],
            [
                "test",
                "--workspace",
                "--features",
                "within/bench",
                "--no-run",
            ],
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
    write_lock(&folder);
    for (path, targets) in [
        ("alpha", ALPHA),
        ("nested/beta", BETA),
        ("only", ONLY),
        ("plain", PLAIN),
        ("faults", FAULTS),
        ("twin", TWIN),
        ("within", WITHIN),
    ] {
        let name = path.rsplit('/').next().expect("a name");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition.workspace = true\n\
             [dev-dependencies]\nscalebench = {{ path = {repository:?} }}\n{targets}"
        );
        let manifest = manifest.replace("\"REPOSITORY\"", &format!("{repository:?}"));
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
        ("twin/src/lib.rs", ""),
        ("twin/benches/maps.rs", TWIN_MAPS),
        ("within/src/lib.rs", WITHIN_LIB),
        ("within/benches/inside.rs", INSIDE),
        ("within/benches/both.rs", BOTH),
    ] {
        write(&folder, path, text);
    }
    folder
}

/// Gives a project the versions of the repository, unless it has some: nothing new is downloaded.
pub(crate) fn write_lock(folder: &Path) {
    if !folder.join("Cargo.lock").exists() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let lock = fs::read_to_string(repository.join("Cargo.lock")).expect("a lock file");
        write(folder, "Cargo.lock", &lock);
    }
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
