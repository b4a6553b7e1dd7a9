//! Two revisions, built and measured side by side.

use std::fs;

use super::about;
use super::project::{BEFORE, BROKEN, Project, SLOWER};

#[test]
fn the_working_tree_is_compared_with_a_revision_and_nothing_else_changes() {
    let project = Project::new();
    // What is not committed counts; hooks and settings of the user must not be run into.
    project.write(
        "src/lib.rs",
        &fs::read_to_string(project.path().join("src/lib.rs"))
            .expect("readable")
            .replace('2', "1"),
    );
    project.write("notes.txt", "not committed");
    let hook = project.path().join(".git/hooks/post-checkout");
    fs::write(&hook, "#!/bin/sh\ntouch hook-was-run\n").expect("writable");
    let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
    fs::set_permissions(&hook, mode).expect("executable");
    let before = project.state();
    let compared = project.compare(&["before"]).with(0);
    assert_eq!(project.state(), before);
    assert_eq!(project.left_behind(), ["lock", "target"]);
    let change = project.change();
    let commit = project.git(&["rev-parse", BEFORE]);
    assert_eq!(change.baseline, format!("before ({})", &commit[..9]));
    assert!(change.scope.starts_with("paired rounds"));
    about(2.0, change.performance.estimate);
    assert!(compared.out.contains("naps::nap"), "{}", compared.out);
    assert!(!compared.out.contains("other::"), "{}", compared.out);
    // The working tree's own programs are as fresh as ever.
    about(1e6, project.nap().points[0].latency_ns.estimate);
}

#[test]
fn two_revisions_are_compared_whatever_the_working_tree_is() {
    let project = Project::new();
    project.write("src/lib.rs", "does not build");
    let before = project.state();
    let json = project.compare(&[BEFORE, SLOWER, "--json"]).with(0);
    assert_eq!(project.state(), before);
    let report: serde_json::Value = serde_json::from_str(&json.out).expect("nothing but JSON");
    assert_eq!(report["schema"]["name"], "scalebench.report");
    about(0.5, project.change().performance.estimate);
    let revision = project.report().runs[0]
        .revision
        .clone()
        .expect("a revision");
    assert_eq!(revision.commit, project.git(&["rev-parse", SLOWER]).trim());
    // The other way round, in the folders and with the artifacts of before.
    project.compare(&[SLOWER, BEFORE]).with(0);
    about(2.0, project.change().performance.estimate);
}

#[test]
fn the_page_drawn_again_is_the_same_to_the_last_byte() {
    let project = Project::new();
    project.compare(&[SLOWER]).with(0);
    let read = || {
        ["index.html", "report.json", "summary.md"]
            .map(|name| fs::read(project.home().join("report").join(name)).expect("readable"))
    };
    let live = read();
    fs::remove_dir_all(project.home().join("report")).expect("removed");
    project.run(&["report"]).with(0);
    assert!(read() == live);
}

#[test]
fn a_bench_target_of_one_revision_only_is_named() {
    let project = Project::new();
    let manifest = fs::read_to_string(project.path().join("Cargo.toml")).expect("readable");
    let added = "[[bench]]\nname = \"added\"\nharness = false\n[profile.bench]";
    project.write("Cargo.toml", &manifest.replace("[profile.bench]", added));
    let nap = "#[scalebench::scale_bench]\nfn new_one() {}\nscalebench::main!();\n";
    project.write("benches/added.rs", nap);
    let compared = project.compare(&[BEFORE]).with(0);
    compared.warned("the bench target `added` of compared is in the working tree only");
    assert_eq!(project.nap().id, "naps::nap");
    let none = project.compare(&[BEFORE, "--bench", "added"]);
    none.with(2)
        .warned("before has no bench target `added`: nothing to compare with");
}

#[test]
fn revisions_without_a_benchmark_in_common_are_told() {
    let project = Project::new();
    let naps = "#[scalebench::scale_bench]\nfn renamed() {}\nscalebench::main!();\n";
    project.write("benches/naps.rs", naps);
    let none = project.compare(&[BEFORE]).with(2);
    none.warned("`naps` has no benchmark that is in both revisions");
    none.warned("and the working tree have no benchmark in common");
    assert_eq!(project.left_behind(), ["lock", "target"]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let project = Project::new();
    let unknown = project.compare(&["mian"]).with(2);
    unknown.warned("git knows no revision `mian`");
    let before = project.state();
    let broken = project.compare(&[BROKEN]).with(3);
    broken.warned("this file contains an unclosed delimiter");
    broken.warned("could not be built; what cargo said is above");
    assert_eq!(project.state(), before);
    assert_eq!(project.left_behind(), ["lock", "target"]);
    project.write("src/lib.rs", "also broken");
    project
        .compare(&[BEFORE])
        .with(3)
        .warned("the working tree could not be built");
    fs::remove_dir_all(project.path().join(".git")).expect("removed");
    let no_repository = project.compare(&[BEFORE]).with(2);
    no_repository.warned("needs a git repository around the current folder");
}

#[test]
fn a_revision_without_the_project_is_not_mistaken_for_the_tree_around_it() {
    let project = Project::new();
    project.git(&["checkout", "--quiet", "--orphan", "empty"]);
    project.git(&["rm", "--quiet", "-r", "--cached", "."]);
    project.git(&["commit", "--quiet", "--allow-empty", "--message", "empty"]);
    project.git(&["checkout", "--quiet", "--force", BEFORE]);
    // The worktree lies below the project, where cargo finds the project's own manifest on its way up.
    let inside = project.path().join("target/scalebench");
    let mut command = project.command(&["compare", "empty"]);
    let ended = super::project::ended(command.env("SCALEBENCH_HOME", inside));
    ended
        .with(2)
        .warned("has no cargo project where the current folder is");
}

#[test]
fn a_clone_without_history_says_how_to_get_it() {
    let project = Project::new();
    let (from, to) = (project.path(), project.path().with_file_name("clone"));
    let url = format!("file://{}", from.display());
    let clone = [
        "clone",
        "--quiet",
        "--depth=1",
        &url,
        to.to_str().expect("UTF-8"),
    ];
    project.git(&clone);
    let mut command = project.command(&["compare", SLOWER]);
    let ended = super::project::ended(command.current_dir(to)).with(2);
    ended.warned("this clone is shallow: `git fetch --unshallow` gets the rest");
}

#[test]
fn a_benchmark_that_fails_in_the_new_revision_is_shown_and_ends_with_3() {
    let project = Project::new();
    project.write("src/lib.rs", "pub fn nap() { panic!(\"planted\") }\n");
    let failed = project
        .compare(&[BEFORE, "--gate", "performance=5%"])
        .with(3);
    failed.warned("naps::nap: panicked: planted");
    failed.warned("a benchmark of `naps` failed");
    assert!(failed.out.contains("naps::nap"), "{}", failed.out);
    // The other way round the older revision is the one that fails, which loses nothing.
    project.commit("panics");
    project.git(&["checkout", "--quiet", BEFORE]);
    let measured = project.compare(&["panics"]).with(0);
    measured.warned("naps::nap (old side): panicked: planted");
    let warnings = project.report().warnings;
    let told = |warning: &String| warning.contains("was not compared with panics");
    assert!(warnings.iter().any(told), "{warnings:?}");
}
