//! The licences and sources of all dependencies are on the lists in `deny.toml`.
//!
//! `cargo deny check` does this and more; this part needs no tool and no network.

use std::process::Command;

use serde_json::Value;

/// The strings of a list in `deny.toml`.
fn list(policy: &str, name: &str) -> Vec<String> {
    let start = policy.find(&format!("\n{name} = [")).expect("the list");
    let rest = &policy[start..];
    let end = rest.find(']').expect("its end");
    rest[..end]
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Whether a licence expression can be met by the allowed ones. `OR` offers a choice, `AND` asks for all, and binds
/// closer.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    // The old way of writing `OR`.
    let expression = expression.replace('/', " OR ");
    if let (Some(open), Some(close)) = (expression.find('('), expression.find(')')) {
        let inner = is_allowed(&expression[open + 1..close], allowed);
        let verdict = if inner { &allowed[0] } else { "none" };
        let flat = format!(
            "{}{verdict}{}",
            &expression[..open],
            &expression[close + 1..]
        );
        return is_allowed(&flat, allowed);
    }
    expression.split(" OR ").any(|choice| {
        let mut all = choice.split(" AND ");
        all.all(|name| allowed.iter().any(|each| each == name.trim()))
    })
}

fn packages() -> Vec<Value> {
    let version = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
        ])
        .arg(host.expect("rustc names its host"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    metadata["packages"].as_array().expect("packages").clone()
}

#[test]
fn licences_and_sources_are_on_the_lists() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deny.toml");
    let policy = std::fs::read_to_string(path).expect("the policy");
    let (allowed, registries) = (list(&policy, "allow"), list(&policy, "allow-registry"));
    let packages = packages();
    assert!(packages.len() > 20, "{}", packages.len());
    for package in packages {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(
            is_allowed(licence, &allowed),
            "{name} has the licence `{licence}`"
        );
        if let Some(source) = package["source"].as_str() {
            let known = registries
                .iter()
                .any(|each| source == format!("registry+{each}"));
            assert!(known, "{name} comes from {source}");
        }
    }
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
    for good in [
        "MIT",
        "MIT/GPL-3.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
    ] {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(GPL-3.0 OR LGPL-2.1) AND MIT",
        "none",
        "",
    ] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}
