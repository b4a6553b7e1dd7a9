//! Trials of ScaleBench against answers that are known, or that loops by hand give at the same time.

pub mod doubled;
pub mod truth;
pub mod uneven;

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
