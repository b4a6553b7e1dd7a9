//! The planted benchmarks and nothing else.

use scalebench_e2e as _;

scalebench::main!();
