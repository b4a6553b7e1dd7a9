//! Which bench targets take part.

use std::ffi::{OsStr, OsString};

use lexopt::{Arg, Parser, ValueExt};
use serde_json::Value;

use crate::exit::Failure;

/// What a project lacks that has nothing to measure, in words that follow on "it has".
pub(super) const NO_BENCHMARKS: &str = "no ScaleBench benchmarks yet";

/// Which bench targets take part, as arguments of `cargo bench`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Selection {
    arguments: Vec<OsString>,
    /// Whether bench targets were named.
    named: bool,
}

impl Selection {
    /// The flag of `cargo bench` that an argument is, where it is one that selects.
    pub(crate) fn flag(argument: &Arg<'_>) -> Option<&'static str> {
        const FLAGS: [&str; 7] = [
            "bench",
            "package",
            "features",
            "profile",
            "workspace",
            "all-features",
            "no-default-features",
        ];
        match argument {
            Arg::Long(name) => FLAGS.into_iter().find(|flag| flag == name),
            Arg::Short('p') => Some("package"),
            Arg::Short('F') => Some("features"),
            _ => None,
        }
    }

    /// Takes a flag with its value, if it has one.
    ///
    /// # Errors
    /// When the value is missing.
    pub(crate) fn take(&mut self, flag: &str, parser: &mut Parser) -> Result<(), Failure> {
        let argument = match flag {
            "workspace" | "all-features" | "no-default-features" => format!("--{flag}"),
            _ => format!("--{flag}={}", parser.value()?.string()?),
        };
        self.named |= flag == "bench";
        self.arguments.push(argument.into());
        Ok(())
    }

    /// All of it, as arguments of `cargo bench`.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &OsStr> {
        // Unlike a pattern this leaves out what lacks a feature.
        let all = (!self.named).then_some(OsStr::new("--benches"));
        self.arguments.iter().map(OsString::as_os_str).chain(all)
    }

    /// What a project, of which cargo said `metadata`, lacks of this, in words that follow on "it has". Cargo would not find
    /// it, either. What is no plain name may be a pattern, which only cargo reads.
    pub(crate) fn missing_in(&self, metadata: &Value) -> Option<String> {
        let packages = || list(&metadata["packages"]);
        let benches: Vec<&Value> = packages()
            .flat_map(|package| list(&package["targets"]))
            .filter(|target| list(&target["kind"]).any(|kind| kind == "bench"))
            .collect();
        let mut dependencies = packages().flat_map(|package| list(&package["dependencies"]));
        let none = || NO_BENCHMARKS.to_owned();
        if benches.is_empty() {
            return Some(none());
        }
        let package = self
            .plain("package")
            .find(|name| !packages().any(|known| known["name"] == **name));
        if let Some(package) = package {
            return Some(format!("no package `{package}`"));
        }
        let bench = self
            .plain("bench")
            .find(|name| !benches.iter().any(|known| known["name"] == **name))?;
        Some(
            match dependencies.any(|known| known["name"] == "scalebench") {
                true => format!("no bench target `{bench}`"),
                false => none(),
            },
        )
    }

    /// The plain names that were given with a flag.
    fn plain<'a>(&'a self, flag: &'a str) -> impl Iterator<Item = &'a str> {
        let is_plain = |name: &&str| {
            name.chars()
                .all(|c| c.is_alphanumeric() || "-_".contains(c))
        };
        let texts = self
            .arguments
            .iter()
            .filter_map(|argument| argument.to_str());
        texts
            .filter_map(move |text| {
                text.strip_prefix("--")?
                    .strip_prefix(flag)?
                    .strip_prefix('=')
            })
            .filter(is_plain)
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(arguments: &[&str]) -> Selection {
        let mut parser =
            Parser::from_args(arguments.iter().map(OsString::from).collect::<Vec<_>>());
        let mut selection = Selection::default();
        while let Some(argument) = parser.next().expect("an argument") {
            let flag = Selection::flag(&argument).expect("a flag");
            selection.take(flag, &mut parser).expect("a value");
        }
        selection
    }

    #[test]
    fn what_cargo_would_not_find_is_missing() {
        let project = |dependency: &str, target: &str, kind: &str| {
            serde_json::json!({"packages": [{
                "name": "alpha",
                "dependencies": [{"name": dependency}],
                "targets": [{"name": target, "kind": [kind]}],
            }]})
        };
        let ours = project("scalebench", "maps", "bench");
        let none = Some(NO_BENCHMARKS.to_owned());
        for (arguments, metadata, missing) in [
            (&[][..], &ours, None),
            (&["--bench", "maps", "-p", "alpha"], &ours, None),
            (&["--bench", "m*"], &ours, None),
            (&["-p", "alpha@1.0.0"], &ours, None),
            (
                &["--bench", "sets"],
                &ours,
                Some("no bench target `sets`".to_owned()),
            ),
            (&["-p", "beta"], &ours, Some("no package `beta`".to_owned())),
            (&[], &project("scalebench", "maps", "lib"), none.clone()),
            (
                &["--bench", "maps"],
                &project("other", "maps", "lib"),
                none.clone(),
            ),
            (
                &["--bench", "maps"],
                &project("criterion", "maps", "bench"),
                None,
            ),
            (
                &["--bench", "sets"],
                &project("criterion", "maps", "bench"),
                none,
            ),
        ] {
            assert_eq!(
                selection(arguments).missing_in(metadata),
                missing,
                "{arguments:?}"
            );
        }
    }
}
