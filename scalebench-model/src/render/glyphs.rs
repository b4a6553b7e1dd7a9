//! The characters that a renderer may use.

/// One set of characters; every renderer but the terminal uses [`UNICODE`].
#[derive(Debug)]
pub(super) struct Glyphs {
    /// Microseconds.
    pub(super) micro: &'static str,
    /// Before a spread.
    pub(super) plus_minus: &'static str,
    /// Before a negative number.
    pub(super) minus: &'static str,
    /// Before a factor.
    pub(super) times: &'static str,
    /// Where there is no figure.
    pub(super) absent: &'static str,
    /// Between parts of a line.
    pub(super) dot: &'static str,
    /// Contention.
    pub(super) sigma: &'static str,
    /// Coherency.
    pub(super) kappa: &'static str,
    /// A call alone got faster: down on the plane.
    pub(super) down: &'static str,
    /// A call alone got slower.
    pub(super) up: &'static str,
    /// It scales better: right on the plane.
    pub(super) right: &'static str,
    /// It scales worse.
    pub(super) left: &'static str,
    /// A horizontal rule.
    pub(super) rule: &'static str,
    /// One cell of the bar of a point that counts.
    pub(super) full: &'static str,
    /// One cell of the bar of a point that does not count.
    pub(super) hollow: &'static str,
    /// One cell of the bar that is not reached.
    pub(super) empty: &'static str,
    /// Where the machine's ceiling stands on a bar.
    pub(super) ceiling: &'static str,
    /// Last cell of a bar, in eighths from one to seven; empty where cells cannot be split.
    pub(super) eighths: &'static [&'static str],
}

/// For terminals with UTF-8, and for files.
pub(super) const UNICODE: Glyphs = Glyphs {
    micro: "µs",
    plus_minus: "±",
    minus: "−",
    times: "×",
    absent: "–",
    dot: "·",
    sigma: "σ",
    kappa: "κ",
    down: "↓",
    up: "↑",
    right: "→",
    left: "←",
    rule: "─",
    full: "█",
    hollow: "░",
    empty: " ",
    ceiling: "│",
    eighths: &["▏", "▎", "▍", "▌", "▋", "▊", "▉"],
};

/// For terminals without.
pub(super) const ASCII: Glyphs = Glyphs {
    micro: "us",
    plus_minus: "+-",
    minus: "-",
    times: "x",
    absent: "-",
    dot: "-",
    sigma: "sigma",
    kappa: "kappa",
    down: "v",
    up: "^",
    right: ">",
    left: "<",
    rule: "-",
    full: "#",
    hollow: ":",
    empty: " ",
    ceiling: "|",
    eighths: &[],
};
