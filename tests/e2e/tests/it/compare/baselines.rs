//! The runs before, and baselines by name.

use std::fs;

use super::{BREAKABLE, Project, SERVICE, STEADY, about, ended, planted};

#[test]
fn a_run_is_compared_with_the_run_before() {
    let project = Project::new();
    project.bench(&planted(), &["service"]).with(0);
    assert_eq!(project.benchmark(SERVICE).change, None);
    project
        .bench(&project.plant("faster"), &["service"])
        .with(0);
    let change = project.change(SERVICE);
    assert_eq!(change.baseline, "the run before");
    let scope = "saved baseline: machine drift not controlled";
    assert!(change.scope.starts_with(scope), "{}", change.scope);
    about(2.0, change.performance.estimate);
    let sentence = &change.sentence;
    assert!(
        sentence.contains("At 2 threads: throughput ×"),
        "{sentence}\n{:#?}",
        project.benchmark(SERVICE).points
    );
}

#[test]
fn the_newest_record_of_each_benchmark_counts_whatever_was_filtered() {
    let project = Project::new();
    project.bench(&planted(), &["service"]).with(0);
    project.bench(&planted(), &["steady"]).with(0);
    project
        .bench(&planted(), &["service", "steady", "--threads", "1"])
        .with(0);
    for id in [SERVICE, STEADY] {
        assert_eq!(project.change(id).threads, 1);
        project.warned(&format!(
            "{id}: its thread counts changed since the run before."
        ));
    }
    // What is merely left out this time is no news.
    let warnings = project.report().warnings;
    assert!(!warnings.iter().any(|each| each.contains("breakable")));
}

#[test]
fn baselines_are_saved_compared_with_and_shown() {
    let project = Project::new();
    let faster = project.plant("faster");
    project
        .bench(&planted(), &["service", "--save-baseline", "main"])
        .with(0);
    let arguments = ["service", "--baseline", "main", "--save-baseline", "fast"];
    project.bench(&faster, &arguments).with(0);
    let change = project.change(SERVICE);
    assert_eq!(change.baseline, "main");
    about(2.0, change.performance.estimate);
    let runs = project.runs();
    assert_eq!(runs, 2);
    // Nothing is measured, whatever the binary would be like now.
    let shown = project.bench(
        &planted(),
        &["--load-baseline", "fast", "--baseline", "main"],
    );
    shown.with(0);
    assert_eq!(project.change(SERVICE).performance, change.performance);
    project
        .bench(&planted(), &["--load-baseline", "fast"])
        .with(0);
    assert_eq!(project.benchmark(SERVICE).change, None);
    project
        .bench(
            &faster,
            &["service", "--baseline", "main", "--discard-baseline"],
        )
        .with(0);
    assert_eq!(project.change(SERVICE).baseline, "main");
    assert_eq!(project.runs(), runs);
}

#[test]
fn a_baseline_keeps_what_a_later_save_did_not_measure() {
    let project = Project::new();
    project
        .bench(&planted(), &["--save-baseline", "main"])
        .with(0);
    let before = project.baseline("main");
    let broken = project.plant("broken");
    project
        .bench(
            &broken,
            &["service", "breakable", "--save-baseline", "main"],
        )
        .with(3);
    let after = project.baseline("main");
    let ids = |run: &scalebench_model::data::Run| -> Vec<String> {
        run.benchmarks.iter().map(|each| each.id.clone()).collect()
    };
    assert_eq!(ids(&after), ids(&before));
    for (old, new) in before.benchmarks.iter().zip(&after.benchmarks) {
        // The one was left out, the other failed.
        let kept = old.id == STEADY || old.id == BREAKABLE;
        assert_eq!(old == new, kept, "{}", old.id);
    }
}

#[test]
fn a_missing_baseline_is_named_before_anything_is_measured() {
    let project = Project::new();
    let missing = project
        .bench(&planted(), &["steady", "--baseline", "mian"])
        .with(2);
    missing.warned("`planted` has no baseline `mian` (there are none yet)");
    assert_eq!(project.runs(), 0);
    project
        .bench(&planted(), &["steady", "--save-baseline", "main"])
        .with(0);
    let missing = project
        .bench(&planted(), &["steady", "--load-baseline", "mian"])
        .with(2);
    missing.warned("there are: main");
    let lenient = ["steady", "--baseline-lenient", "mian"];
    project.bench(&planted(), &lenient).with(0);
    assert_eq!(project.benchmark(STEADY).change, None);
    let lenient = ["steady", "--baseline-lenient", "main"];
    project.bench(&planted(), &lenient).with(0);
    assert_eq!(project.change(STEADY).baseline, "main");
}

#[test]
fn a_baseline_that_cannot_be_read_is_named_and_kept() {
    let project = Project::new();
    project
        .bench(&planted(), &["steady", "--save-baseline", "main"])
        .with(0);
    let file = project.baseline_file("main");
    let sound = fs::read_to_string(&file).expect("readable");
    let newer = sound.replacen("\"major\":1", "\"major\":7", 1);
    let foreign = sound.replacen("scalebench.run", "scalebench.report", 1);
    let of_another = sound.replacen("\"target\":\"planted\"", "\"target\":\"maps\"", 1);
    assert!(newer != sound && foreign != sound && of_another != sound);
    for (text, reason) in [
        (&sound[..sound.len() / 2], "it is not a scalebench file"),
        ("never JSON", "it is not a scalebench file"),
        ("", "it is not a scalebench file"),
        (&newer, "it was written by a newer scalebench (format 7."),
        (&foreign, "it is a `scalebench.report`"),
        (&of_another, "it is of `maps`, not of `planted`"),
    ] {
        fs::write(&file, text).expect("writable");
        for flag in [
            "--baseline",
            "--baseline-lenient",
            "--load-baseline",
            "--save-baseline",
        ] {
            let refused = project.bench(&planted(), &["steady", flag, "main"]).with(4);
            refused.warned(reason);
            refused.warned("Move it away");
            assert_eq!(fs::read_to_string(&file).expect("readable"), text, "{flag}");
        }
    }
    assert_eq!(project.runs(), 1);
}

#[test]
fn an_unlike_machine_is_refused_unless_allowed() {
    let project = Project::new();
    project
        .bench(&planted(), &["steady", "--save-baseline", "main"])
        .with(0);
    project.edit_baseline("main", |run| run["host"]["model"] = "Another CPU".into());
    let refused = project
        .bench(&planted(), &["steady", "--baseline", "main"])
        .with(2);
    refused.warned("comes from an unlike machine: its CPU is `Another CPU`");
    refused.warned("--allow-different-machine");
    let allowed = ["steady", "--baseline", "main", "--allow-different-machine"];
    project.bench(&planted(), &allowed).with(0);
    let page = fs::read_to_string(project.home().join("report/index.html")).expect("a page");
    let words = "saved baseline of an unlike machine: differences may be the machine&#39;s";
    assert!(page.contains(words) || page.contains(&words.replace("&#39;", "'")));
}

/// The limit on file sizes stands in for a full disk: writes beyond it fail midway.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing_that_was_stored() {
    let project = Project::new();
    project
        .bench(&planted(), &["steady", "--save-baseline", "main"])
        .with(0);
    let stored = |folder: &str| -> Vec<(String, Vec<u8>)> {
        let folder = project.home().join(folder);
        let files = fs::read_dir(folder).expect("a folder").flatten();
        let read = |file: fs::DirEntry| {
            let bytes = fs::read(file.path()).expect("readable");
            (file.file_name().to_string_lossy().into_owned(), bytes)
        };
        files.map(read).collect()
    };
    let before = [stored("runs"), stored("baselines/main"), stored("report")];
    let mut limited = project.command("sh".as_ref(), &[]);
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
        .arg(planted())
        .args("--bench --launches 3 --rounds 3 --window 12ms steady".split(' '))
        .args(["--save-baseline", "main"]);
    let full = ended(&mut limited).with(4);
    full.warned("could not write");
    full.warned("SCALEBENCH_HOME");
    assert!(full.out.contains("planted::steady"), "{}", full.out);
    let after = [stored("runs"), stored("baselines/main"), stored("report")];
    assert!(
        before == after,
        "something stored was changed or left behind"
    );
}

#[test]
fn a_baseline_by_another_estimator_is_refused_and_measured_again() {
    let project = Project::new();
    project
        .bench(&planted(), &["steady", "--save-baseline", "main"])
        .with(0);
    let before = project.baseline("main");
    assert_eq!(before.estimator, scalebench_model::data::ESTIMATOR);
    // As a version wrote it that knew no number.
    project.edit_baseline("main", |run| {
        run.as_object_mut().expect("an object").remove("estimator");
    });
    for flag in ["--baseline", "--baseline-lenient"] {
        let refused = project.bench(&planted(), &["steady", flag, "main"]).with(2);
        refused.warned(
            "the baseline `main` cannot be compared with: it was measured by an older estimator",
        );
        refused.warned("\nhelp: measure the baseline again, with `--save-baseline main`");
    }
    assert_eq!(project.runs(), 1);
    // It is still shown, alone and beside another of its own.
    let shown = ["--load-baseline", "main"];
    project.bench(&planted(), &shown).with(0);
    project.warned("The figures were made by an older estimator");
    let beside = ["--load-baseline", "main", "--baseline", "main"];
    project.bench(&planted(), &beside).with(0);
    assert!(project.benchmark(STEADY).change.is_some());
    // Nothing of it stays in a baseline that is saved anew.
    project
        .bench(&planted(), &["service", "--save-baseline", "main"])
        .with(0);
    let ids = |run: &scalebench_model::data::Run| run.benchmarks.len();
    assert_eq!(ids(&project.baseline("main")), 1);
    let another = ["--load-baseline", "main", "--baseline", "main"];
    project.bench(&planted(), &another).with(0);
}

#[test]
fn runs_before_by_another_estimator_are_passed_over_and_said() {
    let project = Project::new();
    project.bench(&planted(), &["steady"]).with(0);
    for file in fs::read_dir(project.home().join("runs")).expect("runs") {
        let file = file.expect("readable").path();
        let text = fs::read_to_string(&file).expect("readable");
        let number = format!("\"estimator\":{}", scalebench_model::data::ESTIMATOR);
        assert!(text.contains(&number));
        fs::write(&file, text.replacen(&number, "\"estimator\":1", 1)).expect("writable");
    }
    project.bench(&planted(), &["steady"]).with(0);
    assert_eq!(project.benchmark(STEADY).change, None);
    project.warned(
        "Nothing was compared with the run before where it was measured by an older estimator",
    );
    // From then on there is one to compare with.
    project.bench(&planted(), &["steady"]).with(0);
    assert_eq!(project.change(STEADY).baseline, "the run before");
    let warnings = project.report().warnings;
    assert!(
        !warnings
            .iter()
            .any(|each| each.contains("Nothing was compared"))
    );
}
