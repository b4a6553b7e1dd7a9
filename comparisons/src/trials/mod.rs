//! Trials of ScaleBench against answers that are known, or that loops by hand give at the same time.

pub mod doubled;
pub mod inputs;
pub mod layouts;
pub mod loops;
pub mod truth;
pub mod uneven;

use crate::table::middle;

/// Whether `word` is among `words`, which it then leaves.
fn take(words: &mut Vec<String>, word: &str) -> bool {
    let before = words.len();
    words.retain(|each| each != word);
    words.len() < before
}

/// The names of `all` that `words` ask for: parts of names, or none for all of them.
fn named<'a>(all: impl IntoIterator<Item = &'a str>, words: &[String]) -> Vec<&'a str> {
    let is_named =
        |name: &&str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let chosen: Vec<&str> = all.into_iter().filter(is_named).collect();
    assert!(
        !chosen.is_empty(),
        "no case has a name with {words:?} in it"
    );
    chosen
}

/// Whether two figures that should be the same are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Agreement {
    Within,
    Beyond,
    /// The machine alone moves the figures by more than what is looked for.
    Noise,
    NotMeasured,
}

impl Agreement {
    fn text(self) -> &'static str {
        match self {
            Self::Within => "yes",
            Self::Beyond => "**no**",
            Self::Noise => "noise",
            Self::NotMeasured => "not measured",
        }
    }
}

/// Judges `ratio`, which may be off by `share` or, of figures of about `ns`, by `least_ns`. `controls` are ratios of figures
/// that differ by chance only, as many as `ratio` is the median of.
fn agreement(
    ratio: Option<f64>,
    controls: &[f64],
    ns: Option<f64>,
    share: f64,
    least_ns: f64,
) -> Agreement {
    let (Some(ratio), Some(noise), Some(ns)) = (ratio, noise(controls), ns) else {
        return Agreement::NotMeasured;
    };
    let (allowed, off) = (share.max(least_ns / ns), (ratio - 1.0).abs());
    if noise > allowed && off <= allowed + noise {
        Agreement::Noise
    } else if off <= allowed {
        Agreement::Within
    } else {
        Agreement::Beyond
    }
}

/// What the median of as many ratios may be off by, by chance: two standard errors. One is 1.4826 times the median
/// deviation, which is the standard deviation of a normal distribution, times 1.2533 over the root of their number.
fn noise(controls: &[f64]) -> Option<f64> {
    let deviations = controls.iter().map(|ratio| (ratio - 1.0).abs());
    let deviation = middle(deviations.collect())?;
    Some(2.0 * 1.4826 * 1.2533 * deviation / (controls.len() as f64).sqrt())
}

fn summary(outcomes: &[Agreement], share: f64, least_ns: f64) -> String {
    let count = |wanted| outcomes.iter().filter(|it| **it == wanted).count();
    format!(
        "{} of {} within {:.0} % or {least_ns} ns; noise hides {}.",
        count(Agreement::Within),
        outcomes.len(),
        100.0 * share,
        count(Agreement::Noise)
    )
}
