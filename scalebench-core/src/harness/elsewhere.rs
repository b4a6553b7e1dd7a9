//! Ids of other bench targets: `cargo bench -- ID --exact` hands one command line to every target.

use std::path::Path;

use super::listing::Known;

/// Whether `id` can only belong to another target: its crate is none of the `known` crates, and an artifact of that crate
/// lies beside this binary. A typing error has no such artifact.
///
/// So may one that begins with another package, whose benchmarks may be called as those here.
/// `own` is what stands behind this package, where it begins with that.
pub(super) fn is_elsewhere(id: &str, own: Option<&str>, known: &Known) -> bool {
    let Some((name, rest)) = id.split_once("::") else {
        return false;
    };
    let is_here = |id: &str| {
        let name = crate_of(id);
        name.is_some() && known.names().any(|known| crate_of(known) == name)
    };
    if is_here(id) || own.is_some_and(is_here) {
        return false;
    }
    if known.contains(rest) {
        return true;
    }
    let folder = std::env::current_exe()
        .ok()
        .and_then(|binary| Some(binary.parent()?.to_owned()));
    let is_crate = |name| {
        folder
            .as_ref()
            .is_some_and(|folder| has_artifact(folder, name))
    };
    is_crate(name) || crate_of(rest).is_some_and(is_crate)
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
    use super::super::listing::Known;

    #[test]
    fn this_test_binary_is_another_target_and_a_typing_error_is_none() {
        let of = |id: &str| Known {
            ids: vec![id.to_owned()],
            functions: Vec::new(),
        };
        let known = of("maps::get");
        let is_elsewhere = |id: &str, known: &Known| super::is_elsewhere(id, None, known);
        assert!(is_elsewhere("scalebench_core::x", &known));
        assert!(!is_elsewhere("scalebench_croe::x", &known));
        assert!(!is_elsewhere(
            "scalebench_core::x",
            &of("scalebench_core::y")
        ));
        assert!(!is_elsewhere("no_path", &known));
        assert!(is_elsewhere("other-package::maps::get", &known));
        assert!(is_elsewhere("other-package::scalebench_core::get", &known));
        assert!(!is_elsewhere("other-package::scalebench_croe::get", &known));
        let own = Some("maps::gte");
        assert!(!super::is_elsewhere(
            "scalebench_core::maps::gte",
            own,
            &known
        ));
    }
}
