//! Which column holds what.

use super::input::{BadInput, shown};

/// What the figures of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// Calls per second over all threads.
    Throughput,
    /// Time per call while N threads call, ns.
    Latency,
    /// Time of one call that runs on N threads, ns.
    Time,
}

const FIGURES: [(&str, Figure); 3] = [
    ("throughput", Figure::Throughput),
    ("latency_ns", Figure::Latency),
    ("time_ns", Figure::Time),
];

/// The places of the columns in a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    /// The names as they stand in the file.
    pub(super) names: Vec<String>,
    pub(super) threads: usize,
    pub(super) figure: (usize, Figure),
    pub(super) benchmark: Option<usize>,
    pub(super) launch: Option<usize>,
    pub(super) round: Option<usize>,
}

impl Header {
    /// Reads the names, whatever their case.
    pub(super) fn of(line: u64, names: Vec<String>) -> Result<Self, BadInput> {
        let find = |wanted: &str| -> Result<Option<usize>, BadInput> {
            let same = |name: &&String| name.eq_ignore_ascii_case(wanted);
            match names.iter().filter(same).count() {
                0 | 1 => Ok(names.iter().position(|name| same(&name))),
                _ => Err(BadInput::line(
                    line,
                    format!("the header names `{wanted}` twice"),
                )),
            }
        };
        let missing = |what: &str| {
            let there: Vec<String> = names.iter().take(12).map(|name| shown(name)).collect();
            BadInput::line(
                line,
                format!(
                    "the header has no column {what}; it has {}",
                    there.join(", ")
                ),
            )
        };
        let mut figures = Vec::new();
        for (name, figure) in FIGURES {
            figures.extend(find(name)?.map(|place| (place, figure)));
        }
        let threads = find("threads")?.ok_or_else(|| missing("`threads`"))?;
        let figure = match figures[..] {
            [] => return Err(missing("`throughput`, `latency_ns` or `time_ns`")),
            [figure] => figure,
            _ => {
                let message = "the header has more than one of `throughput`, `latency_ns` and `time_ns`: keep one";
                return Err(BadInput::line(line, message));
            }
        };
        Ok(Self {
            threads,
            figure,
            benchmark: find("benchmark")?,
            launch: find("launch")?,
            round: find("round")?,
            names,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Result<Header, BadInput> {
        Header::of(1, line.split(',').map(str::to_owned).collect())
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_case() {
        let h = header("Latency_NS,x,THREADS,round").unwrap();
        assert_eq!(h.threads, 2);
        assert_eq!(h.figure, (0, Figure::Latency));
        assert_eq!((h.benchmark, h.launch, h.round), (None, None, Some(3)));
    }

    #[test]
    fn what_is_missing_or_double_is_named() {
        for (line, says) in [
            (
                "threads,x",
                "no column `throughput`, `latency_ns` or `time_ns`; it has `threads`, `x`",
            ),
            ("throughput", "no column `threads`"),
            ("threads,threads,throughput", "names `threads` twice"),
            ("threads,throughput,time_ns", "more than one of"),
        ] {
            let message = header(line).unwrap_err().to_string();
            assert!(
                message.starts_with("line 1: ") && message.contains(says),
                "{message}"
            );
        }
    }
}
