//! Expectations, wherever they stand and however they are written.
#![deny(warnings)]
#![forbid(unsafe_code)]

use scalebench::{scale_bench, scale_bench_group};

#[scale_bench(threads = [2, 8], expect(efficiency(8) >= 0.7, latency <= "200ns", overhead(2) <= "50 ns",))]
fn quoted() {}

#[scale_bench(expect(efficiency(8) > 70%, throughput(8) >= 5 M/s, latency(8) < 1.5us, speedup(2) >= 1_0))]
fn bare() {}

#[scale_bench(expect("efficiency(8) >= 70 %, latency <= 200 µs"))]
fn text() {}

const COUNTS: &[usize] = &[1, 2];

#[scale_bench(threads = COUNTS, expect(efficiency(2) >= 0.7))]
fn counts_of_a_constant() {}

#[scale_bench(threads = [8], expect(latency <= 1s, throughput(1) >= 1/s))]
fn of_the_reference() {}

#[scale_bench(processes = [1, 2], threads = [1, 3], expect(speedup(6) >= 2, speedup(3) >= 2, latency < 1s))]
fn grid() {}

#[scale_bench(load, expect(latency < 1s))]
fn under_load() {}

#[scale_bench(parallel, expect(speedup(8) >= 2))]
fn parallel() {}

macro_rules! expecting {
    ($name:ident, $threads:literal, $share:expr) => {
        #[scale_bench(expect(efficiency($threads) >= $share))]
        fn $name() {}
    };
}

expecting!(from_a_macro, 4, 0.5);

#[scale_bench_group(threads = [2, 4], expect(efficiency(4) >= 0.1))]
mod roles {
    #[role(share = 3, expect(latency < 1ms))]
    fn read() {}

    #[role]
    fn write() {}
}

#[scale_bench_group(mix(read = 90, write = 10), expect(efficiency(2) >= 0.1), threads = [2])]
mod mix {
    #[role(expect(latency < 1ms), name = "look_up")]
    fn read() {}

    fn write() {}
}

fn main() {
    let mut all: Vec<(&str, &[&str])> = scalebench::__private::ENTRIES
        .iter()
        .map(|entry| (entry.name, entry.options.expectations))
        .collect();
    all.sort_unstable();
    assert_eq!(
        all,
        [
            ("bare", &["efficiency(8) > 70%", "throughput(8) >= 5M/s", "latency(8) < 1.5us", "speedup(2) >= 10"][..]),
            ("counts_of_a_constant", &["efficiency(2) >= 0.7"]),
            ("from_a_macro", &["efficiency(4) >= 0.5"]),
            ("grid", &["speedup(6) >= 2", "speedup(3) >= 2", "latency < 1s"]),
            ("look_up", &["efficiency(2) >= 0.1", "latency < 1ms"]),
            ("of_the_reference", &["latency <= 1s", "throughput(1) >= 1/s"]),
            ("parallel", &["speedup(8) >= 2"]),
            ("quoted", &["efficiency(8) >= 0.7", "latency <= 200ns", "overhead(2) <= 50ns"]),
            ("read", &["efficiency(4) >= 0.1", "latency < 1ms"]),
            ("text", &["efficiency(8) >= 70%", "latency <= 200us"]),
            ("under_load", &["latency < 1s"]),
            ("write", &["efficiency(2) >= 0.1"]),
            ("write", &["efficiency(4) >= 0.1"]),
        ]
    );
}
