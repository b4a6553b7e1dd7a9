//! `cargo scalebench gate` on a report.

use std::fs;

use super::project::{BEFORE, Project, SLOWER, ended};

#[test]
fn a_report_is_judged() {
    let project = Project::new();
    let lost = project
        .compare(&[BEFORE, SLOWER, "--gate", "performance=5%"])
        .with(1);
    lost.warned("gate: naps::nap: performance x0.5");
    lost.warned("cargo scalebench compare before slower -- --exact 'naps::nap' --ci");
    let gate = |limits: &str| project.run(&["gate", "--gate", limits]);
    gate("performance=5%")
        .with(1)
        .warned("more than 5.000 % lost");
    gate("performance=70%,scalability=50%").with(0);
    let file = project.home().join("report/report.json");
    let name = file.to_str().expect("UTF-8");
    let mut command = project.command(&["gate", "--gate", "performance=5%", name]);
    let annotated = ended(command.env("GITHUB_ACTIONS", "true")).with(1);
    let line = "::error file=benches/naps.rs,line=2,title=scalebench gate::naps::nap: performance";
    assert!(annotated.out.starts_with(line), "{}", annotated.out);
    project
        .run(&["gate"])
        .with(2)
        .warned("say what may be lost");
    gate("speed=5%").with(2);

    let sound = fs::read_to_string(&file).expect("readable");
    let with = |text: String| {
        fs::write(&file, text).expect("writable");
        gate("performance=5%")
    };
    with(sound.replace("\"status\": \"ok\"", "\"status\": \"failed\""))
        .with(3)
        .warned("naps::nap had failed");
    with(sound.replacen("\"major\": 1", "\"major\": 3", 1))
        .with(4)
        .warned("newer scalebench");
    with(sound.replacen("scalebench.report", "scalebench.run", 1))
        .with(4)
        .warned("it is a `scalebench.run`");
    with(sound[..sound.len() / 2].to_owned())
        .with(4)
        .warned("not a scalebench file");
    fs::remove_file(&file).expect("removed");
    gate("performance=5%").with(4).warned("could not read");
}

#[test]
fn expectations_are_judged_without_limits() {
    let project = Project::new();
    let small = ["--", "--launches", "3", "--rounds", "3", "--window", "12ms"];
    let arguments = [&["compare", BEFORE, SLOWER], &small[..]].concat();
    let mut command = project.command(&arguments);
    let missed = ended(command.env("SCALEBENCH_EXPECT", "latency < 3ms, latency < 1s")).with(1);
    missed.warned("gate: naps::nap: latency < 3ms failed");
    missed.warned("cargo scalebench compare before slower -- --exact 'naps::nap' --ci");
    // What the run expects is kept.
    project
        .run(&["gate"])
        .with(1)
        .warned("gate: naps::nap: latency < 3ms failed");
    project.run(&["report"]).with(0);
    let texts: Vec<String> = project
        .nap()
        .expectations
        .into_iter()
        .map(|each| each.text)
        .collect();
    assert_eq!(texts, ["latency < 3ms", "latency < 1s"]);
}
