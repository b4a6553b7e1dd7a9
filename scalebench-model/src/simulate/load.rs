//! A simulated open loop: a queue before some servers, event by event, so that theory knows the response times.

use crate::data::{
    Axis, BenchmarkRecord, LaunchRecord, LoadPlan, LoadSample, Location, Mode, ResponseTimes,
    Sample, Schedule, Status,
};
use crate::stats::{Random, hash_text};

/// How service times are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Exponential.
    Exponential,
    /// Always the same.
    Constant,
}

/// A service to simulate under load.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadSimulation {
    /// The benchmark's id.
    pub id: String,
    /// What was asked for.
    pub plan: LoadPlan,
    /// Rates of arrivals, per second, ascending.
    pub rates: Vec<f64>,
    /// How service times are drawn.
    pub service: Service,
    /// Mean service time, ns.
    pub mean_ns: f64,
    /// Calls served at a time; the others queue, first come, first served.
    pub servers: u32,
    /// Arrivals of each window.
    pub arrivals: u32,
    /// Calls in service or queued beyond this count are turned away with an error; 0 turns nobody away.
    pub room: usize,
    /// Standard deviation of a launch's common effect on all its service times, relative.
    pub launch_noise: f64,
    /// Launches.
    pub launches: u32,
    /// Rounds in each launch.
    pub rounds: u32,
    /// Decides every random number, with the id.
    pub seed: u64,
}

impl LoadSimulation {
    /// One server with exponential service and Poisson arrivals (M/M/1): 5 launches of 10 rounds of 2,000 arrivals.
    #[must_use]
    pub fn new(id: &str, mean_ns: f64, rates: &[f64]) -> Self {
        Self {
            id: id.to_owned(),
            plan: LoadPlan {
                schedule: Schedule::Poisson,
                callers: 64,
                timeout_ns: None,
                window_ns: 0.0,
                knee_factor: LoadPlan::KNEE_FACTOR,
            },
            rates: rates.to_vec(),
            service: Service::Exponential,
            mean_ns,
            servers: 1,
            arrivals: 2_000,
            room: 0,
            launch_noise: 0.0,
            launches: 5,
            rounds: 10,
            seed: 1,
        }
    }

    /// Everything measured, as a record.
    #[must_use]
    pub fn record(&self) -> BenchmarkRecord {
        let window_ns = |rate: f64| f64::from(self.arrivals) / rate * 1e9;
        BenchmarkRecord {
            id: self.id.clone(),
            mode: Mode::Load,
            axis: Axis::Threads,
            workers: None,
            threads_per_process: None,
            location: Location::default(),
            parameters: Vec::new(),
            work: None,
            group: None,
            threads: vec![1, self.plan.callers],
            reference_only: false,
            expectations: Vec::new(),
            status: Status::Ok,
            failure: None,
            window_ns: CLOSED_WINDOW_NS,
            chunk_calls: 1,
            load: Some(LoadPlan {
                window_ns: self
                    .rates
                    .iter()
                    .copied()
                    .map(window_ns)
                    .fold(0.0, f64::max),
                ..self.plan.clone()
            }),
            launches: (0..self.launches)
                .map(|number| self.launch(number))
                .collect(),
        }
    }

    fn launch(&self, number: u32) -> LaunchRecord {
        let mut random = Random::for_task(self.seed ^ hash_text(&self.id), u64::from(number));
        let slower = (self.launch_noise * random.normal()).exp();
        let mut record = LaunchRecord {
            launch: number,
            steady: true,
            ..LaunchRecord::default()
        };
        for round in 0..self.rounds {
            let closed = [1, self.plan.callers].map(|n| self.closed(round, n, slower, &mut random));
            record.samples.extend(closed);
            let open = self
                .rates
                .iter()
                .map(|&rate| self.open(round, rate, slower, &mut random));
            record.load.extend(open);
        }
        record
    }

    fn service_ns(&self, slower: f64, random: &mut Random) -> f64 {
        let mean = self.mean_ns * slower;
        match self.service {
            Service::Exponential => mean * exponential(random),
            Service::Constant => mean,
        }
    }

    /// A window of a closed loop: so many callers that call over and over.
    fn closed(&self, round: u32, callers: u32, slower: f64, random: &mut Random) -> Sample {
        let served: f64 = (0..self.arrivals)
            .map(|_| self.service_ns(slower, random))
            .sum();
        let at_once = f64::from(self.servers.min(callers));
        let latency_ns = served / f64::from(self.arrivals) / at_once * f64::from(callers);
        Sample::from_latency(Mode::Load, round, callers, latency_ns)
    }

    /// A window of arrivals at one rate. The queue is in its steady state when the window opens.
    fn open(&self, round: u32, rate: f64, slower: f64, random: &mut Random) -> LoadSample {
        let gap_ns = 1e9 / rate;
        let mut free_at = vec![0.0_f64; self.servers.max(1) as usize];
        let mut ends: Vec<f64> = Vec::new();
        let (mut now, mut opened, mut errors) = (0.0, 0.0, 0);
        let mut responses = Vec::with_capacity(self.arrivals as usize);
        for arrival in 0..self.arrivals + WARM_UP {
            now += match self.plan.schedule {
                Schedule::Poisson => gap_ns * exponential(random),
                Schedule::Constant => gap_ns,
            };
            let counts = arrival >= WARM_UP;
            if !counts {
                opened = now;
            }
            if self.room > 0 {
                ends.retain(|end| *end > now);
                if ends.len() >= self.room {
                    errors += u64::from(counts);
                    continue;
                }
            }
            let Some(server) = free_at.iter_mut().min_by(|a, b| a.total_cmp(b)) else {
                continue;
            };
            *server = server.max(now) + self.service_ns(slower, random);
            if self.room > 0 {
                ends.push(*server);
            }
            if counts {
                responses.push(*server - now);
            }
        }
        // Past the capacity the last answers come long after the last arrival.
        let closed = free_at.into_iter().fold(now, f64::max);
        LoadSample {
            window_ns: closed - opened,
            ..self.sample(round, rate, errors, responses)
        }
    }

    fn sample(&self, round: u32, rate: f64, errors: u64, responses: Vec<f64>) -> LoadSample {
        let out_of_time = |ns: &f64| self.plan.timeout_ns.is_some_and(|limit| *ns > limit);
        let (late, mut responses): (Vec<f64>, Vec<f64>) =
            responses.into_iter().partition(out_of_time);
        LoadSample {
            round,
            offered_per_s: rate,
            window_ns: 0.0,
            arrivals: u64::from(self.arrivals),
            completed: responses.len() as u64,
            errors,
            timed_out: late.len() as u64,
            unfinished: 0,
            late_p99_ns: 2e3,
            kept_up: true,
            response: response_times(&mut responses),
            first_error: (errors > 0).then(|| "no room".to_owned()),
        }
    }
}

/// Length of a window of the closed loop, ns.
const CLOSED_WINDOW_NS: f64 = 1e7;

/// Arrivals before the window: enough for the queue to forget that it began empty, up to 90 % of the capacity or so.
const WARM_UP: u32 = 1_000;

/// An exponential number with mean 1.
fn exponential(random: &mut Random) -> f64 {
    -(1.0 - random.uniform()).ln()
}

/// The figures of some response times, sorted in place; `None` for none.
fn response_times(responses: &mut [f64]) -> Option<ResponseTimes> {
    crate::sort::numbers(responses);
    let last = responses.len().checked_sub(1)?;
    // The smallest that at least a share q of all stays within.
    let within = |q: f64| {
        let rank = (q * responses.len() as f64 - 1e-9).ceil().max(1.0) as usize;
        responses[rank - 1]
    };
    Some(ResponseTimes {
        count: responses.len() as u64,
        mean_ns: responses.iter().sum::<f64>() / responses.len() as f64,
        p50_ns: within(0.5),
        p90_ns: within(0.9),
        p99_ns: within(0.99),
        p999_ns: within(0.999),
        max_ns: responses[last],
    })
}
