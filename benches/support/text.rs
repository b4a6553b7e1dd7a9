//! A text of 5 MB whose words are as unevenly frequent as those of a natural language, the same on every machine.

use std::sync::OnceLock;

/// Size of the text, bytes.
pub const TEXT_BYTES: usize = 5 << 20;

/// Different words in it.
const VOCABULARY: usize = 20_000;

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): good enough for words, and the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The text: lines of about twelve words.
pub fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let words = vocabulary();
        let mut random = Random(1);
        let mut text = String::with_capacity(TEXT_BYTES + 64);
        while text.len() < TEXT_BYTES {
            // Zipf: the k-th word has a frequency of about 1/k, so ln k is uniform.
            let rank = (VOCABULARY as f64).powf(random.share()) as usize - 1;
            text.push_str(&words[rank.min(VOCABULARY - 1)]);
            text.push(if random.next().is_multiple_of(12) {
                '\n'
            } else {
                ' '
            });
        }
        text
    })
}

/// The words of the text in its order.
pub fn words() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| text().split_ascii_whitespace().collect())
}

/// Words of one to four syllables; frequent ones are short, as in natural languages.
fn vocabulary() -> Vec<String> {
    const ONSETS: [&str; 16] = [
        "b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "sh",
    ];
    const RIMES: [&str; 12] = [
        "a", "e", "i", "o", "u", "an", "en", "is", "or", "ul", "ay", "ound",
    ];
    let mut random = Random(2);
    (0..VOCABULARY)
        .map(|rank| {
            let syllables = 1 + rank.ilog10_or_zero() / 2 + (random.next() % 2) as usize;
            let mut word = String::new();
            for _ in 0..syllables {
                word.push_str(ONSETS[(random.next() % 16) as usize]);
                word.push_str(RIMES[(random.next() % 12) as usize]);
            }
            // The number keeps the words different, the way inflections do.
            word.push_str(&format!("{:x}", rank / 64));
            word
        })
        .collect()
}

trait Log10 {
    fn ilog10_or_zero(self) -> usize;
}

impl Log10 for usize {
    fn ilog10_or_zero(self) -> usize {
        self.checked_ilog10().unwrap_or(0) as usize
    }
}

/// A thread's place in the text; every thread begins somewhere else.
pub struct Reader {
    words: &'static [&'static str],
    next: usize,
}

impl Reader {
    pub fn new(thread: scalebench::Thread) -> Self {
        let words = words();
        Self {
            words,
            next: words.len() / thread.count() * thread.index(),
        }
    }

    /// The next word; after the last comes the first.
    pub fn word(&mut self) -> &'static str {
        let word = self.words[self.next];
        self.next = if self.next + 1 == self.words.len() {
            0
        } else {
            self.next + 1
        };
        word
    }

    /// Where it is, for benchmarks that do something else now and then.
    pub fn position(&self) -> usize {
        self.next
    }
}
