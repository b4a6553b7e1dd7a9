//! Ids of other bench targets: `cargo bench -- ID --exact` hands one command line to every target.

use std::path::Path;

/// Whether `id` can only belong to another target: its crate is none of `ids`' crates, and an artifact of that crate
/// lies beside this binary. A typing error has no such artifact.
pub(super) fn is_elsewhere(id: &str, ids: &[String]) -> bool {
    let Some(name) = crate_of(id) else {
        return false;
    };
    if ids.iter().any(|known| crate_of(known) == Some(name)) {
        return false;
    }
    let folder = std::env::current_exe()
        .ok()
        .and_then(|binary| Some(binary.parent()?.to_owned()));
    folder.is_some_and(|folder| has_artifact(&folder, name))
}

fn crate_of(id: &str) -> Option<&str> {
    id.split_once("::").map(|(name, _)| name)
}

/// Cargo calls them `NAME-HASH` and `libNAME-HASH.rlib`.
fn has_artifact(folder: &Path, name: &str) -> bool {
    let Ok(entries) = folder.read_dir() else {
        return false;
    };
    entries.flatten().any(|entry| {
        entry.file_name().to_str().is_some_and(|file| {
            let stem = file
                .strip_prefix("lib")
                .filter(|_| file.ends_with(".rlib"))
                .unwrap_or(file);
            stem.rsplit_once('-')
                .is_some_and(|(before, _)| before == name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_test_binary_is_another_target_and_a_typing_error_is_none() {
        let known = ["maps::get".to_owned()];
        assert!(is_elsewhere("scalebench_core::x", &known));
        assert!(!is_elsewhere("scalebench_croe::x", &known));
        assert!(!is_elsewhere(
            "scalebench_core::x",
            &["scalebench_core::y".to_owned()]
        ));
        assert!(!is_elsewhere("no_path", &known));
    }
}
