//! A simulated sampler: windows as a worker would report them, of a benchmark whose truth is known.
//!
//! Behind the same interface as the real one (one window asked for, one [`Sample`] answered), so that the whole way from
//! samples to page is tested at any thread count and with known truth. Pure: the seed decides everything.

mod load;

use crate::data::{
    Axis, BenchmarkRecord, ESTIMATOR, Fairness, Host, LaunchRecord, Location, Mode, Plan, Preset,
    Run, Sample, Schema, Status,
};
use crate::laws::{Power, Usl};
use crate::report::Dominant;
use crate::stats::{Random, hash_text};

pub use load::{LoadSimulation, Service};

/// The true scaling of a simulated benchmark.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// By the Universal Scalability Law (and so Amdahl's law and a straight line).
    Usl(Usl),
    /// By a power law.
    Power(Power),
    /// R(N) = N/X(N) in ns at each thread count; between them by the nearest one below.
    Table(Vec<(u32, f64)>),
}

impl Truth {
    /// R(N), ns: in concurrent mode the latency, in parallel mode N·T(N).
    #[must_use]
    pub fn r_ns(&self, threads: u32) -> f64 {
        let n = f64::from(threads);
        match self {
            Self::Usl(usl) => 1e9 * usl.latency_s(n),
            Self::Power(power) => 1e9 * n / power.throughput(n),
            Self::Table(points) => {
                let below = points.iter().rev().find(|(at, _)| *at <= threads);
                below.or(points.first()).map_or(1.0, |(_, r)| *r)
            }
        }
    }
}

/// What blurs the truth. All are relative: 0.01 is 1 %. The default blurs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Noise {
    /// Standard deviation of a launch's common effect on all its windows (address layout, hash seeds).
    pub launch: f64,
    /// Standard deviation of a launch's effect on each thread count.
    pub launch_point: f64,
    /// Standard deviation from window to window.
    pub window: f64,
    /// Standard deviation of each thread count's own deviation from the law, the same in all launches.
    pub misfit: f64,
    /// How much slower the last round of the run is than the first.
    pub drift: f64,
    /// Share of windows that are outliers.
    pub outliers: f64,
    /// How much slower an outlier is: 1 is twice as slow.
    pub outlier_size: f64,
    /// Mean share of a window that other processes disturb, 0 to 1.
    pub disturbed: f64,
    /// Share of windows of which nothing counts, 0 to 1.
    pub lost: f64,
}

/// A benchmark to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// The benchmark's id.
    pub id: String,
    /// How the thread count acts.
    pub mode: Mode,
    /// The true scaling.
    pub truth: Truth,
    /// What blurs it.
    pub noise: Noise,
    /// Where the time goes that a call takes longer among N threads than alone.
    pub growth: Dominant,
    /// Thread counts, ascending.
    pub threads: Vec<u32>,
    /// Launches.
    pub launches: u32,
    /// Rounds in each launch.
    pub rounds: u32,
    /// CPUs of the simulated machine.
    pub cpus: u32,
    /// Decides every random number, with the id.
    pub seed: u64,
}

impl Simulation {
    /// A noiseless benchmark of 5 launches and 10 rounds in concurrent mode, on a machine with CPUs enough.
    #[must_use]
    pub fn new(id: &str, truth: Truth, threads: &[u32]) -> Self {
        Self {
            id: id.to_owned(),
            mode: Mode::Concurrent,
            truth,
            noise: Noise::default(),
            growth: Dominant::Blocked,
            threads: threads.to_vec(),
            launches: 5,
            rounds: 10,
            cpus: threads.iter().copied().max().unwrap_or(1),
            seed: 1,
        }
    }

    /// Starts launch number `launch`: the simulated counterpart of a worker process.
    #[must_use]
    pub fn launch(&self, launch: u32) -> SimulatedLaunch<'_> {
        let seed = self.seed ^ hash_text(&self.id);
        let mut random = Random::for_task(seed, u64::from(launch));
        // Misfit belongs to the code, not to the launch: every launch draws the same.
        let mut shared = Random::for_task(seed, u64::MAX);
        let common = self.noise.launch * random.normal();
        let effects = self.threads.iter().map(|_| {
            common + self.noise.launch_point * random.normal() + self.noise.misfit * shared.normal()
        });
        SimulatedLaunch {
            effects: effects.collect(),
            simulation: self,
            launch,
            random,
        }
    }

    /// Everything measured, as a record.
    #[must_use]
    pub fn record(&self) -> BenchmarkRecord {
        let launches = (0..self.launches).map(|number| {
            let mut launch = self.launch(number);
            let samples = (0..self.rounds)
                .flat_map(|round| self.threads.iter().map(move |&n| (round, n)))
                .map(|(round, n)| launch.window(round, n));
            LaunchRecord {
                launch: number,
                steady: true,
                samples: samples.collect(),
                ..LaunchRecord::default()
            }
        });
        BenchmarkRecord {
            id: self.id.clone(),
            mode: self.mode,
            axis: Axis::Threads,
            workers: None,
            threads_per_process: None,
            location: Location::default(),
            parameters: Vec::new(),
            work: None,
            group: None,
            threads: self.threads.clone(),
            reference_only: false,
            expectations: Vec::new(),
            status: Status::Ok,
            failure: None,
            window_ns: WINDOW_NS,
            chunk_calls: 1,
            load: None,
            launches: launches.collect(),
        }
    }
}

/// Length of a simulated window, ns.
const WINDOW_NS: f64 = 1e7;

/// A simulated worker process.
#[derive(Debug, Clone)]
pub struct SimulatedLaunch<'a> {
    simulation: &'a Simulation,
    launch: u32,
    /// Logarithm of what slows each thread count in this launch.
    effects: Vec<f64>,
    random: Random,
}

impl SimulatedLaunch<'_> {
    /// Runs one window with `threads` threads.
    pub fn window(&mut self, round: u32, threads: u32) -> Sample {
        let simulation = self.simulation;
        let noise = &simulation.noise;
        let column = simulation.threads.iter().position(|&n| n == threads);
        let effect = column.map_or(0.0, |c| self.effects[c]);
        let done = f64::from(self.launch * simulation.rounds + round)
            / f64::from(simulation.launches * simulation.rounds).max(1.0);
        let mut slower =
            effect + noise.window * self.random.normal() + (noise.drift * done).ln_1p();
        if self.random.uniform() < noise.outliers {
            slower += noise.outlier_size.ln_1p();
        }
        let undisturbed = if self.random.uniform() < noise.lost {
            0.0
        } else {
            (1.0 - 2.0 * noise.disturbed * self.random.uniform()).clamp(0.0, 1.0)
        };
        self.sample(round, threads, slower.exp(), undisturbed)
    }

    fn sample(&self, round: u32, threads: u32, slower: f64, undisturbed: f64) -> Sample {
        let truth = &self.simulation.truth;
        let n = f64::from(threads);
        let r = truth.r_ns(threads) * slower;
        // X = N/R calls a ns in either mode while undisturbed, half as many while not.
        let rate = n / r;
        let counted_ns = WINDOW_NS * undisturbed;
        let counted_calls = rate * counted_ns;
        let calls = counted_calls + rate * (WINDOW_NS - counted_ns) / 2.0;
        let thread_ns = n * counted_ns;
        let grown = (1.0 - truth.r_ns(1) / truth.r_ns(threads)).clamp(0.0, 1.0);
        let mut sample = Sample {
            window_ns: WINDOW_NS,
            calls,
            counted_ns,
            counted_calls,
            on_cpu_ns: thread_ns * (1.0 - grown),
            fairness: Some(Fairness {
                min_share: 1.0,
                max_share: 1.0,
                jain: 1.0,
            }),
            ..Sample::from_latency(self.simulation.mode, round, threads, r)
        };
        match self.simulation.growth {
            Dominant::Blocked => sample.blocked_ns = thread_ns * grown,
            Dominant::Waiting => sample.waiting_ns = thread_ns * grown,
            Dominant::OnCpu | Dominant::None => sample.on_cpu_ns = thread_ns,
        }
        sample
    }
}

/// A run of simulated benchmarks, as a file would hold it.
///
/// ```
/// use scalebench_model::{build, laws::Usl, report::LawKind, simulate::{Simulation, Truth, run}};
/// let truth = Usl { lambda: 1e6, sigma: 0.05, kappa: 0.005 };
/// let simulation = Simulation::new("map::insert", Truth::Usl(truth), &[1, 2, 4, 8, 16]);
/// let report = build::report(&[run(&[simulation])], None);
/// assert_eq!(report.benchmarks[0].laws.as_ref().unwrap().chosen, LawKind::Usl);
/// ```
#[must_use]
pub fn run(simulations: &[Simulation]) -> Run {
    let most = |figure: fn(&Simulation) -> u32| simulations.iter().map(figure).max().unwrap_or(0);
    let records = simulations.iter().map(Simulation::record).collect();
    let seed = simulations.first().map_or(0, |s| s.seed);
    run_of(records, most(|s| s.cpus), most(|s| s.rounds), seed)
}

/// A run of these records on a machine with so many CPUs.
///
/// ```
/// use scalebench_model::{build, simulate::{LoadSimulation, run_of}};
/// let server = LoadSimulation::new("server", 2e6, &[50.0, 150.0, 250.0, 350.0, 450.0]);
/// let report = build::report(&[run_of(vec![server.record()], 8, 10, 1)], None);
/// // M/M/1: the p99 response is ln(100)/(500/s - rate), 10 times the service time at 270/s.
/// let knee = report.benchmarks[0].knee_per_s.unwrap();
/// assert!((knee.estimate / 269.7 - 1.0).abs() < 0.1);
/// ```
#[must_use]
pub fn run_of(mut benchmarks: Vec<BenchmarkRecord>, cpus: u32, rounds: u32, seed: u64) -> Run {
    benchmarks.sort_by(|a, b| crate::sort::ids(&a.id, &b.id));
    let launches = benchmarks.iter().map(|b| b.launches.len()).max();
    Run {
        schema: Schema::run(),
        estimator: ESTIMATOR,
        id: "simulated".into(),
        session: "simulated".into(),
        target: "simulated".into(),
        package: None,
        started_unix_s: 0,
        revision: None,
        plan: Plan {
            preset: Preset::Default,
            launches: launches.unwrap_or(0) as u32,
            rounds,
            max_time_ns: 0.0,
            seed,
            pinned: true,
            in_process: false,
        },
        host: Host {
            os: "simulated".into(),
            cpus,
            physical_cores: cpus,
            thread_clocks: true,
            ..Host::default()
        },
        warnings: Vec::new(),
        benchmarks,
        nulls: Vec::new(),
        compared: None,
    }
}
