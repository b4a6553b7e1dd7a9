//! `--param`: whether there is a parameter of that name.

use crate::given;
use crate::registry::{ENTRIES, Entry, THREADS};

/// Checks the names of what was given against the parameters that there are.
///
/// # Errors
/// A message that says what is wrong and what to write.
pub(crate) fn check_names() -> Result<(), String> {
    let mut names = given::all().iter().map(|param| param.name.as_str());
    names.try_for_each(known)
}

/// Some benchmark must have a parameter of this name that values can be given for.
fn known(name: &str) -> Result<(), String> {
    let all = || ENTRIES.iter().flat_map(|entry| entry.values);
    let open = || all().filter(|parameter| parameter.from_text.is_some());
    if open().any(|parameter| parameter.name == name) {
        return Ok(());
    }
    if all().any(|parameter| parameter.name == name) {
        return Err(format!(
            "`{name}` is a generic parameter, whose choices are compiled in: choose among them with a filter, as in \
             `{name}=...`"
        ));
    }
    let has_grid = |entry: &Entry| entry.options.threads_per_process.is_some();
    if name == THREADS && ENTRIES.iter().any(has_grid) {
        return Err("the threads in each process are given by `--threads 1,2`".to_owned());
    }
    let nearest = open()
        .map(|parameter| (distance(name, parameter.name), parameter.name))
        .min();
    Err(match nearest {
        Some((_, near)) => format!(
            "no benchmark has a `#[values]` parameter `{name}`; the nearest name is `{near}`"
        ),
        None => format!(
            "no benchmark has a `#[values]` parameter, so there is nothing that `--param {name}=...` could replace"
        ),
    })
}

/// How many letters must be put in, taken out or changed to turn one word into the other (Levenshtein 1966).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("size", "size"), 0);
        assert_eq!(distance("sise", "size"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
