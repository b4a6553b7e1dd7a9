//! How long it takes to fit laws with intervals: 1,000 curves of 8 points with 10 launches must take less than 1 s.
//!
//! Run with `cargo bench -p scalebench-model --bench laws`. One core; exits with 1 when it takes longer.

use std::process::ExitCode;
use std::time::Instant;

use scalebench_model::build::report;
use scalebench_model::estimate::{Clock, Curves};
use scalebench_model::laws::{Usl, laws};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

const COUNTS: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
const CURVES: u32 = 1000;

fn main() -> ExitCode {
    let simulations: Vec<Simulation> = (0..CURVES)
        .map(|i| {
            let truth = Usl {
                lambda: 1e6,
                sigma: 0.05,
                kappa: 0.005 * f64::from(i % 2),
            };
            Simulation {
                launches: 10,
                noise: Noise {
                    launch_point: 0.005,
                    window: 0.01,
                    ..Noise::default()
                },
                ..Simulation::new(&format!("curve{i}"), Truth::Usl(truth), &COUNTS)
            }
        })
        .collect();
    let run = run(&simulations);
    let curves: Vec<Curves> = run
        .benchmarks
        .iter()
        .map(|record| Curves::of(record, Clock::Counted, 0))
        .collect();

    let start = Instant::now();
    let described = curves.iter().filter_map(|c| laws(c, &COUNTS, 16)).count();
    let fitting = start.elapsed().as_secs_f64();
    println!("laws with intervals of {described} curves: {fitting:.3} s");

    let start = Instant::now();
    let benchmarks = report(std::slice::from_ref(&run), None).benchmarks.len();
    let whole = start.elapsed().as_secs_f64();
    println!("whole report of {benchmarks} benchmarks, samples to sentences: {whole:.3} s");

    let quick: Vec<Simulation> = simulations[..30]
        .iter()
        .map(|simulation| Simulation {
            launches: 1,
            rounds: 30,
            ..simulation.clone()
        })
        .collect();
    let quick = scalebench_model::simulate::run(&quick);
    let start = Instant::now();
    let benchmarks = report(std::slice::from_ref(&quick), None).benchmarks.len();
    let bootstrap = start.elapsed().as_secs_f64();
    println!(
        "whole report of {benchmarks} benchmarks with one launch, bootstrap: {bootstrap:.3} s"
    );
    ExitCode::from(u8::from(fitting >= 1.0))
}
