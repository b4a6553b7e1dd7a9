//! The idea in three benchmarks: a service, the same made faster, and the same made wider.
//!
//! At 8 threads both improvements double the throughput. Only one of them made a call faster, and only the other made
//! the service scale better.

mod support;

use std::time::Duration;

use scalebench::scale_bench;
use support::service::Service;

/// 2 ms a call, one call at a time.
#[scale_bench(threads = [1, 2, 4, 8], rounds = 5)]
fn before(#[with(Service::new(Duration::from_millis(2), 1))] service: &Service) {
    service.call();
}

/// 1 ms a call, still one at a time: performance.
#[scale_bench(threads = [1, 2, 4, 8], rounds = 5)]
fn faster(#[with(Service::new(Duration::from_millis(1), 1))] service: &Service) {
    service.call();
}

/// 2 ms a call, two at a time: scalability.
#[scale_bench(threads = [1, 2, 4, 8], rounds = 5)]
fn wider(#[with(Service::new(Duration::from_millis(2), 2))] service: &Service) {
    service.call();
}

scalebench::main!();
