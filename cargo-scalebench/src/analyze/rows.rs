//! The rows of a file, kept small: ten million of them must fit.

use std::collections::{BTreeMap, HashMap};

use scalebench_model::data::Mode;
use scalebench_model::stats::median;

use super::input::BadInput;

/// So many samples a file may come to; more rows are taken together in blocks of rounds.
const MOST_SAMPLES: usize = 1_000_000;
/// But never fewer than this for each launch and thread count.
const LEAST_BLOCKS: usize = 100;

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) threads: u32,
    pub(super) round: u32,
    pub(super) latency_ns: f64,
    /// Its line in the file; the largest number for lines beyond.
    pub(super) line: u32,
}

/// The rows of one benchmark by launch.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) launches: BTreeMap<u32, Vec<Row>>,
    /// How often each launch has met a thread count, where rounds are not numbered.
    met: HashMap<(u32, u32), u32>,
}

impl Rows {
    /// Adds a row; without a round it is the next round of its launch and thread count.
    pub(super) fn add(&mut self, launch: u32, round: Option<u32>, mut row: Row) {
        row.round = round.unwrap_or_else(|| {
            let next = self.met.entry((launch, row.threads)).or_default();
            *next = next.saturating_add(1);
            *next - 1
        });
        self.launches.entry(launch).or_default().push(row);
    }
}

/// The rows of a file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) mode: Mode,
    /// By id.
    pub(super) benchmarks: BTreeMap<String, Rows>,
    /// How many rounds were taken together, where there were too many.
    pub(super) block: usize,
}

impl Table {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            benchmarks: BTreeMap::new(),
            block: 1,
        }
    }

    /// Puts the rows in order, refuses those that stand twice, and takes rounds together where there are too many.
    pub(super) fn finish(&mut self) -> Result<(), BadInput> {
        for rows in self
            .benchmarks
            .values_mut()
            .flat_map(|b| b.launches.values_mut())
        {
            rows.sort_unstable_by_key(|row| (row.round, row.threads, row.line));
            let twice = rows
                .windows(2)
                .find(|pair| (pair[0].round, pair[0].threads) == (pair[1].round, pair[1].threads));
            if let Some([first, second]) = twice {
                return Err(BadInput::line(
                    u64::from(second.line),
                    format!(
                        "benchmark, launch, round and threads are those of line {} already",
                        first.line
                    ),
                ));
            }
        }
        self.take_together(MOST_SAMPLES);
        Ok(())
    }

    fn take_together(&mut self, most: usize) {
        let cells = |rows: &Vec<Row>| {
            let mut threads: Vec<u32> = rows.iter().map(|row| row.threads).collect();
            threads.sort_unstable();
            threads.dedup();
            threads.len()
        };
        let launches = || self.benchmarks.values().flat_map(|b| b.launches.values());
        if launches().map(Vec::len).sum::<usize>() <= most {
            return;
        }
        let blocks = (most / launches().map(cells).sum::<usize>().max(1)).max(LEAST_BLOCKS);
        for rows in self
            .benchmarks
            .values_mut()
            .flat_map(|b| b.launches.values_mut())
        {
            let rounds = rows.chunk_by(|a, b| a.round == b.round).count();
            let size = rounds.div_ceil(blocks);
            if size > 1 {
                *rows = in_blocks(rows, size);
                self.block = self.block.max(size);
            }
        }
    }
}

/// The medians of blocks of `size` consecutive rounds; `rows` are in the order of rounds.
fn in_blocks(rows: &[Row], size: usize) -> Vec<Row> {
    let mut taken = Vec::new();
    let mut block: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    let rounds: Vec<&[Row]> = rows.chunk_by(|a, b| a.round == b.round).collect();
    for (number, rounds) in rounds.chunks(size).enumerate() {
        for row in rounds.iter().copied().flatten() {
            block.entry(row.threads).or_default().push(row.latency_ns);
        }
        for (&threads, latencies) in &mut block {
            if let Some(latency_ns) = median(latencies) {
                taken.push(Row {
                    threads,
                    round: u32::try_from(number).unwrap_or(u32::MAX),
                    latency_ns,
                    line: 0,
                });
            }
            latencies.clear();
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(u32, Option<u32>, u32, f64)]) -> Table {
        let mut table = Table::new(Mode::Concurrent);
        for (line, &(launch, round, threads, latency_ns)) in (2..).zip(rows) {
            let row = Row {
                threads,
                round: 0,
                latency_ns,
                line,
            };
            table
                .benchmarks
                .entry("b".into())
                .or_default()
                .add(launch, round, row);
        }
        table
    }

    #[test]
    fn rows_without_rounds_are_numbered_by_thread_count() {
        let mut t = table(&[
            (0, None, 1, 1.0),
            (0, None, 2, 2.0),
            (0, None, 1, 3.0),
            (1, None, 1, 4.0),
        ]);
        t.finish().unwrap();
        let rounds: Vec<(u32, u32)> = t.benchmarks["b"].launches[&0]
            .iter()
            .map(|r| (r.round, r.threads))
            .collect();
        assert_eq!(rounds, [(0, 1), (0, 2), (1, 1)]);
        assert_eq!(t.benchmarks["b"].launches[&1][0].round, 0);
    }

    #[test]
    fn the_same_place_twice_is_refused_with_both_lines() {
        let mut t = table(&[
            (0, Some(7), 1, 1.0),
            (1, Some(7), 1, 1.0),
            (0, Some(7), 1, 9.0),
        ]);
        let error = t.finish().unwrap_err();
        assert_eq!(error.line, 4);
        assert!(error.message.contains("line 2"), "{error}");
    }

    #[test]
    fn many_rounds_become_blocks_with_the_same_median() {
        let rows: Vec<_> = (0..10_000)
            .map(|i| (0, Some(i), 1, f64::from((i * 7919) % 10_000)))
            .collect();
        let mut t = table(&rows);
        t.finish().unwrap();
        t.take_together(1000);
        assert_eq!(t.block, 10);
        let rows = &t.benchmarks["b"].launches[&0];
        assert_eq!(rows.len(), 1000);
        let latencies: Vec<f64> = rows.iter().map(|r| r.latency_ns).collect();
        let median = median(&latencies).unwrap();
        assert!((median - 5000.0).abs() < 100.0, "{median}");
    }
}
