//! The nearest known word to a mistyped one.

/// The word of `known` that `typed` was most likely meant to be, if any is near enough: within a third of its length,
/// and at least one letter.
pub(crate) fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|word| (distance(typed, word), *word))
        .filter(|(distance, word)| *distance <= (word.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How many letters must be put in, taken out or changed to turn one word into the other (Levenshtein 1966).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("threads", "threads"), 0);
        assert_eq!(distance("thread", "threads"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn a_near_word_is_found_and_a_far_one_is_not() {
        let known = ["threads", "rounds", "name"];
        assert_eq!(nearest("thread", &known), Some("threads"));
        assert_eq!(nearest("round", &known), Some("rounds"));
        assert_eq!(nearest("nam", &known), Some("name"));
        assert_eq!(nearest("sample_size", &known), None);
        assert_eq!(nearest("x", &known), None);
    }
}
