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

/// How many letters must be put in, taken out, changed or swapped with their neighbour to turn one word into the other
/// (the optimal string alignment distance, after Damerau 1964 and Levenshtein 1966).
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut table = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            if i == 0 || j == 0 {
                table[i][j] = i + j;
                continue;
            }
            let changed = table[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut least = changed.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                least = least.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = least;
        }
    }
    table[from.len()][to.len()]
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
        assert_eq!(distance("wiht", "with"), 1);
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
