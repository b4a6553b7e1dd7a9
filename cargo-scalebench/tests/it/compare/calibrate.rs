//! `cargo scalebench calibrate`, and what its result changes.

use std::fs;

use super::project::{BEFORE, Project};

#[test]
fn the_machine_s_own_noise_is_kept_and_nothing_else() {
    let project = Project::new();
    let small = ["--launches", "3", "--rounds", "3", "--window", "12ms"];
    let arguments = ["calibrate", "--times", "2", "--"];
    let calibrated = project.run(&[&arguments[..], &small].concat()).with(0);
    calibrated.warned("`naps` beside itself (2 of 2)");
    calibrated.warned("2 comparisons are few");
    let told = "In 2 comparisons of unchanged code, 95 of 100 stayed within";
    assert!(calibrated.out.starts_with(told), "{}", calibrated.out);
    let file = project.home().join("noise.json");
    let text = fs::read_to_string(&file).expect("readable");
    let noise: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for name in ["performance", "scalability"] {
        let share = noise[name].as_f64().expect("a number");
        assert!((0.0..0.5).contains(&share), "{text}");
    }
    for nothing in ["runs", "report", "calibrate"] {
        assert!(!project.home().join(nothing).exists(), "{nothing}");
    }
    // On a machine that varies by so much nothing smaller counts.
    fs::write(&file, r#"{"performance": 0.3, "scalability": 0.0}"#).expect("writable");
    project.compare(&[BEFORE]).with(0);
    let change = project.change();
    let counts = "changes count from 30 % of performance and 2 % of scalability on";
    assert!(change.scope.ends_with(counts), "{}", change.scope);
    assert_eq!(change.performance_threshold, Some(0.3));
}

#[test]
fn calibrating_nothing_is_refused() {
    let project = Project::new();
    let none = project.run(&["calibrate", "--times", "1", "--", "no_such_benchmark"]);
    none.with(2).warned("nothing was measured");
    assert!(!project.home().join("noise.json").exists());
    project
        .run(&["calibrate", "--times", "0"])
        .with(2)
        .warned("a whole number from 1");
    project.run(&["calibrate", "main"]).with(2);
}
