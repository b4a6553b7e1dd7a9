//! The planted benchmarks, and one more that the other binaries do not have.

use scalebench::scale_bench;
use scalebench_e2e as _;

/// Only here.
#[scale_bench(threads = [1, 2])]
fn extra() {
    std::thread::sleep(std::time::Duration::from_millis(1));
}

scalebench::main!();
