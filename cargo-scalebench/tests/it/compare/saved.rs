//! Stored runs, by file and by name.

use std::fs;
use std::path::PathBuf;

use super::about;
use super::project::{BEFORE, Project, SLOWER};

/// A project with the baselines `main` (4 ms a call) and `fast` (2 ms a call).
fn with_baselines() -> Project {
    let project = Project::new();
    for (revision, name) in [(SLOWER, "main"), (BEFORE, "fast")] {
        // The new side of a comparison can be kept like any run.
        let run = ["compare", BEFORE, revision, "--", "--save-baseline", name];
        let small = ["--launches", "3", "--rounds", "3", "--window", "12ms"];
        project.run(&[&run[..], &small].concat()).with(0);
    }
    project
}

fn file_of(project: &Project, baseline: &str) -> PathBuf {
    project
        .home()
        .join("baselines")
        .join(baseline)
        .join("compared.naps.json")
}

#[test]
fn baselines_and_files_are_compared() {
    let project = with_baselines();
    let compared = project.run(&["compare", "main", "fast", "--saved"]).with(0);
    let change = project.change();
    about(2.0, change.performance.estimate);
    assert_eq!(change.baseline, "main");
    let scope = "saved baseline: machine drift not controlled";
    assert!(change.scope.starts_with(scope), "{}", change.scope);
    assert!(compared.out.contains("naps::nap"), "{}", compared.out);
    let (main, fast) = (file_of(&project, "main"), file_of(&project, "fast"));
    let names = [main.to_str().expect("UTF-8"), fast.to_str().expect("UTF-8")];
    project
        .run(&["compare", names[1], names[0], "--gate", "performance=5%"])
        .with(1);
    about(0.5, project.change().performance.estimate);
    // One of each.
    project.run(&["compare", names[0], "fast"]).with(0);
    about(2.0, project.change().performance.estimate);
}

#[test]
fn names_that_could_be_both_are_asked_about() {
    let project = with_baselines();
    // `main` is a branch, too.
    project.git(&["branch", "fast"]);
    let both = project.run(&["compare", "main", "fast"]).with(2);
    both.warned("are baselines and revisions; --saved or --revisions says which are meant");
    project
        .run(&["compare", "main", "none", "--saved"])
        .with(2)
        .warned("`none` is neither a file nor a baseline");
    project
        .run(&["compare", "main", "--saved"])
        .with(2)
        .warned("in twos");
}

#[test]
fn stored_runs_that_do_not_fit_are_refused() {
    let project = with_baselines();
    let fast = file_of(&project, "fast");
    let sound = fs::read_to_string(&fast).expect("readable");
    let compare = |text: &str, more: &[&str]| {
        fs::write(&fast, text).expect("writable");
        project.run(&[&["compare", "main", "fast", "--saved"], more].concat())
    };
    let (model, rest) = sound.split_once("\"model\":\"").expect("a model");
    let unlike = format!("{model}\"model\":\"Another {rest}");
    compare(&unlike, &[])
        .with(2)
        .warned("comes from an unlike machine");
    compare(&unlike, &["--allow-different-machine"]).with(0);
    assert!(
        project
            .change()
            .scope
            .starts_with("saved baseline of an unlike machine")
    );
    let estimator = format!("\"estimator\":{}", scalebench_model::data::ESTIMATOR);
    let older = sound.replacen(&estimator, "\"estimator\":1", 1);
    assert_ne!(older, sound);
    let refused = compare(&older, &["--allow-different-machine"]).with(2);
    refused.warned("`fast` cannot be compared with `main`: it was measured by a newer estimator");
    refused.warned("\nhelp: measure the baseline again");
    compare(&sound.replace("naps::nap", "naps::doze"), &[])
        .with(2)
        .warned("no benchmark in common");
    compare(&sound[..1000], &[]).with(4).warned("is not usable");
    let newer = sound.replacen("\"major\":1", "\"major\":2", 1);
    compare(&newer, &[]).with(4).warned("newer scalebench");
    project
        .run(&["compare", "none.json", "main"])
        .with(4)
        .warned("could not read `none.json`");
}
