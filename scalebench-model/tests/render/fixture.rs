//! Reports for the renderers to draw, made by a small builder from plain formulas.

use scalebench_model::data::{
    Failure, Host, Location, Mode, Parameter, Revision, Schema, Status, Work,
};
use scalebench_model::report::{
    Benchmark, Cause, Change, CurvePoint, Dominant, Estimate, Flag, KarpFlatt, LawKind, Laws,
    OldPoint, Pattern, Percentiles, Point, Report, RunSummary, Verdict,
};

/// An estimate with an interval of `± relative` of itself.
pub(crate) fn about(estimate: f64, relative: f64) -> Estimate {
    Estimate {
        estimate,
        lower: estimate * (1.0 - relative),
        upper: estimate * (1.0 + relative),
        level: 0.95,
    }
}

/// A report of these benchmarks on an 8-CPU machine.
pub(crate) fn report(benchmarks: Vec<Benchmark>) -> Report {
    Report {
        schema: Schema::report(),
        host: Host {
            os: "linux".into(),
            arch: "x86_64".into(),
            model: "Example CPU 3.0 GHz".into(),
            cpus: 8,
            physical_cores: 4,
            governor: Some("performance".into()),
            steal: Some(0.002),
            thread_clocks: true,
            ..Host::default()
        },
        runs: vec![RunSummary {
            id: "20260301-140500-story".into(),
            target: "story".into(),
            started_unix_s: 1_772_373_900,
            revision: Some(Revision {
                commit: "9f2c1e7a40b3d5c6e8f90123456789abcdef0123".into(),
                dirty: true,
            }),
            launches: 5,
            rounds: 10,
            seed: 42,
        }],
        warnings: vec![],
        benchmarks,
    }
}

/// A measured benchmark whose latency at N threads is `latency_ns(N)`.
pub(crate) fn curve(
    id: &str,
    mode: Mode,
    threads: &[u32],
    latency_ns: impl Fn(f64) -> f64,
) -> Benchmark {
    let alone = latency_ns(1.0);
    let points = threads
        .iter()
        .map(|&n| point(mode, n, latency_ns(f64::from(n)), alone))
        .collect();
    Benchmark {
        id: id.into(),
        mode,
        location: Location {
            file: "benches/story.rs".into(),
            line: 12,
        },
        parameters: vec![],
        work: None,
        status: Status::Ok,
        failure: None,
        scope: "5 launches".into(),
        points,
        laws: None,
        cause: None,
        change: None,
    }
}

fn point(mode: Mode, threads: u32, latency: f64, alone: f64) -> Point {
    let n = f64::from(threads);
    let callers = if mode == Mode::Parallel { 1.0 } else { n };
    let speedup = alone / latency * callers;
    Point {
        threads,
        latency_ns: about(latency, 0.004),
        wall_latency_ns: about(latency * 1.01, 0.01),
        throughput_per_s: about(callers * 1e9 / latency, 0.004),
        efficiency: Some(if threads == 1 {
            Estimate {
                estimate: 1.0,
                lower: 1.0,
                upper: 1.0,
                level: 0.95,
            }
        } else {
            about(speedup / n, 0.006)
        }),
        speedup: Some(about(speedup, 0.006)),
        surcharge_ns: Some(Estimate {
            estimate: latency - alone,
            lower: latency - alone - alone * 0.01,
            upper: latency - alone + alone * 0.01,
            level: 0.95,
        }),
        overlap: 0.998,
        ceiling: Some(1.0 - 0.004 * (n - 1.0)),
        ceiling_streaming: Some(1.0 / (1.0 + 0.06 * (n - 1.0))),
        on_cpu_ns: Some(alone),
        waiting_ns: Some(0.0),
        blocked_ns: Some((latency - alone).max(0.0)),
        disturbed: 0.01,
        fairness: Some(0.999),
        percentiles_ns: None,
        instructions_per_call: None,
        cycles_per_call: None,
        counted: true,
        flags: vec![],
    }
}

/// The USL with these parameters as a fitted law; κ = 0 makes it Amdahl's.
pub(crate) fn law(alone_ns: f64, sigma: f64, kappa: f64, points: &[Point]) -> Laws {
    let factor = |n: f64| 1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0);
    let last = f64::from(points.last().map_or(1, |p| p.threads));
    let curve = (0..=24)
        .map(|i| 1.0 + (1.5 * last - 1.0) * f64::from(i) / 24.0)
        .map(|n| CurvePoint {
            threads: n,
            latency_ns: about(alone_ns * factor(n), 0.02),
            efficiency: about(1.0 / factor(n), 0.02),
        })
        .collect();
    let peak = (kappa > 0.0).then(|| ((1.0 - sigma) / kappa).sqrt());
    Laws {
        chosen: if kappa > 0.0 {
            LawKind::Usl
        } else {
            LawKind::Amdahl
        },
        lambda: Some(1e9 / alone_ns),
        sigma: Some(about(sigma, 0.05)),
        kappa: (kappa > 0.0).then(|| about(kappa, 0.1)),
        exponent: None,
        superlinear: false,
        peak_threads: peak,
        asymptote_per_s: (kappa == 0.0).then(|| 1e9 / alone_ns / sigma),
        karp_flatt: points
            .iter()
            .filter(|p| p.threads > 1 && p.counted)
            .map(|p| KarpFlatt {
                threads: p.threads,
                serial_fraction: about(sigma + kappa * f64::from(p.threads), 0.05),
            })
            .collect(),
        curve,
        sentence: match peak {
            Some(peak) => format!(
                "{:.1} % [5.7, 6.3] of a call is serial and each pair of threads adds {:.1} % [1.1, 1.3]; throughput peaks near {peak:.0} threads.",
                sigma * 100.0,
                kappa * 100.0
            ),
            None => format!(
                "{:.1} % of a call is serial; throughput cannot exceed {:.1} times that of one thread.",
                sigma * 100.0,
                1.0 / sigma
            ),
        },
    }
}

fn change_to(
    new: &Benchmark,
    old: &Benchmark,
    verdicts: (Verdict, Verdict),
    sentence: &str,
) -> Change {
    let (a, b) = (&old.points, &new.points);
    let last = a.len() - 1;
    let performance = a[0].latency_ns.estimate / b[0].latency_ns.estimate;
    let throughput = b[last].throughput_per_s.estimate / a[last].throughput_per_s.estimate;
    Change {
        baseline: "main".into(),
        scope: "saved baseline: machine drift not controlled".into(),
        threads: a[last].threads,
        throughput: about(throughput, 0.01),
        performance: about(performance, 0.006),
        scalability: about(throughput / performance, 0.011),
        performance_verdict: verdicts.0,
        scalability_verdict: verdicts.1,
        performance_more_launches: None,
        scalability_more_launches: (verdicts.1 == Verdict::Inconclusive).then_some(12),
        pattern: None,
        sentence: sentence.into(),
        old_points: a
            .iter()
            .map(|p| OldPoint {
                threads: p.threads,
                latency_ns: p.latency_ns.estimate,
                throughput_per_s: p.throughput_per_s.estimate,
                efficiency: p.efficiency.map(|e| e.estimate),
            })
            .collect(),
    }
}

/// The proof of the idea: a service of 2 ms, one call at a time; then `faster` (1 ms) and `wider` (two at a time).
pub(crate) fn story() -> Vec<Benchmark> {
    let threads = [1, 2, 4, 8];
    let mode = Mode::Concurrent;
    let slots = |ms: f64, at_once: f64| move |n: f64| ms * 1e6 * (n / at_once).max(1.0);
    let mut service = curve("story::service", mode, &threads, slots(2.0, 1.0));
    let mut faster = curve("story::faster", mode, &threads, slots(1.0, 1.0));
    let mut wider = curve("story::wider", mode, &threads, slots(2.0, 2.0));
    service.laws = Some(law(2e6, 1.0, 0.0, &service.points));
    faster.laws = Some(law(1e6, 1.0, 0.0, &faster.points));
    for benchmark in [&mut service, &mut faster, &mut wider] {
        benchmark.cause = Some(Cause {
            dominant: Dominant::Blocked,
            sentence:
                "At 8 threads a call waits 14.0 ms longer than alone: 100 % of that is blocked (a lock, sleep or I/O)."
                    .into(),
        });
    }
    faster.change = Some(change_to(
        &faster,
        &service,
        (Verdict::Changed, Verdict::Unchanged),
        "At 8 threads: throughput ×2.00. Performance ×2.00 [1.99, 2.01] (call 2.00 ms → 1.00 ms); scalability unchanged (12.5 % → 12.5 %). All of the gain is performance.",
    ));
    wider.change = Some(change_to(
        &wider,
        &service,
        (Verdict::Unchanged, Verdict::Changed),
        "At 8 threads: throughput ×2.00. Performance unchanged (call 2.00 ms → 2.00 ms); scalability ×2.00 [1.98, 2.02] (12.5 % → 25.0 %). All of the gain is scalability.",
    ));
    vec![faster, service, wider]
}

/// A map behind a lock: the USL, with percentiles, against a baseline that was slower and scaled better.
pub(crate) fn usl_map() -> Benchmark {
    let threads = [1, 2, 3, 4, 6, 8, 12, 16];
    let shape = |alone: f64, s: f64, k: f64| {
        move |n: f64| alone * (1.0 + s * (n - 1.0) + k * n * (n - 1.0))
    };
    let mut new = curve(
        "maps::mutex_insert",
        Mode::Concurrent,
        &threads,
        shape(48.0, 0.06, 0.012),
    );
    let mut old = curve("old", Mode::Concurrent, &threads, shape(60.0, 0.03, 0.006));
    for p in &mut new.points {
        let latency = p.latency_ns.estimate;
        p.on_cpu_ns = Some(48.0 + (latency - 48.0) * 0.8);
        p.blocked_ns = Some((latency - 48.0) * 0.2);
        p.percentiles_ns = Some(Percentiles {
            p50: latency * 0.9,
            p90: latency * 1.3,
            p99: latency * 2.5,
            p999: latency * 11.0,
            max: latency * 340.0,
        });
        if p.threads > 8 {
            p.counted = false;
            p.flags = vec![Flag::CpuLimited];
            p.waiting_ns = Some(latency * 0.4);
        }
    }
    old.points.truncate(6);
    let mut counted = new.clone();
    counted.points.truncate(6);
    let mut change = change_to(
        &counted,
        &old,
        (Verdict::Changed, Verdict::Changed),
        "At 8 threads: throughput ×0.924. Performance ×1.25 [1.24, 1.26] (call 60.0 ns → 48.0 ns); scalability ×0.739 [0.731, 0.747] (64.7 % → 47.8 %). A real loss of scalability: company costs a call more than before (32.8 ns → 52.4 ns).",
    );
    change.pattern = Some(Pattern::RealLoss);
    new.parameters = vec![Parameter {
        name: "size".into(),
        value: "1024".into(),
    }];
    new.laws = Some(law(48.0, 0.06, 0.012, &new.points));
    new.cause = Some(Cause {
        dominant: Dominant::OnCpu,
        sentence: "At 8 threads a call takes 52.4 ns longer than alone: 80 % of that is on the CPU (shared cache lines, spinning, retries or memory bandwidth). Memory bandwidth may have a part in it: code that only streams through memory reaches an efficiency of 70.4 % here.".into(),
    });
    new.change = Some(change);
    new
}

/// A rayon sort in parallel mode, with the work stated.
pub(crate) fn parallel_sort() -> Benchmark {
    let threads = [1, 2, 4, 8];
    let mut sort = curve("algorithms::sort", Mode::Parallel, &threads, |n| {
        80e6 * (0.04 + 0.96 / n)
    });
    for p in &mut sort.points {
        let latency = p.latency_ns.estimate;
        p.on_cpu_ns = Some(latency);
        p.blocked_ns = Some(0.0);
        p.surcharge_ns = None;
    }
    let mut laws = law(80e6, 0.04, 0.0, &sort.points);
    for p in &mut laws.curve {
        p.latency_ns = about(p.latency_ns.estimate / p.threads, 0.02);
    }
    sort.laws = Some(laws);
    sort
}

/// Two points, one of them in an awkward state each.
pub(crate) fn awkward() -> Vec<Benchmark> {
    let mode = Mode::Concurrent;
    let mut tiny = curve("awkward::empty_call", mode, &[1, 2], |_| 0.31);
    tiny.points[0].flags = vec![Flag::NearFloor, Flag::WithinOneProcess];
    tiny.points[1].flags = vec![Flag::NearFloor, Flag::Skewed, Flag::WithinOneProcess];
    tiny.scope = "within one process".into();
    let mut lost = curve("awkward::seldom_together", mode, &[1, 2, 4], |n| 10.0 * n);
    lost.points[1].flags = vec![Flag::NotMeasured, Flag::Disturbed];
    lost.points[1].counted = false;
    lost.points[2].flags = vec![Flag::LowOverlap, Flag::Starved];
    let mut imported = curve("awkward::imported", mode, &[2, 4], |n| 10.0 * n);
    for p in &mut imported.points {
        p.efficiency = None;
        p.speedup = None;
        p.surcharge_ns = None;
        p.ceiling = None;
        p.ceiling_streaming = None;
        p.on_cpu_ns = None;
        p.waiting_ns = None;
        p.blocked_ns = None;
        p.fairness = None;
        p.latency_ns.level = 0.0;
        p.latency_ns.lower = p.latency_ns.estimate;
        p.latency_ns.upper = p.latency_ns.estimate;
    }
    imported.work = Some(Work::Bytes(4096.0));
    imported.laws = Some(Laws {
        chosen: LawKind::Unresolved,
        lambda: None,
        sigma: None,
        kappa: None,
        exponent: None,
        superlinear: false,
        peak_threads: None,
        asymptote_per_s: None,
        karp_flatt: vec![],
        curve: vec![],
        sentence: "No point at 1 thread: efficiency is not known.".into(),
    });
    vec![tiny, imported, lost]
}

/// A benchmark that did not end well.
pub(crate) fn ended(id: &str, status: Status, failure: Option<Failure>) -> Benchmark {
    Benchmark {
        status,
        failure,
        points: vec![],
        scope: String::new(),
        ..curve(id, Mode::Concurrent, &[], |n| n)
    }
}

/// One that panicked, one that hung, one that was not run.
pub(crate) fn failures() -> Vec<Benchmark> {
    vec![
        ended(
            "broken::panics",
            Status::Failed,
            Some(Failure {
                message: "panicked: called `Option::unwrap()` on a `None` value".into(),
                place: Some("src/queue.rs:41:9".into()),
                output: Some("thread 'worker-3' panicked\nnote: run with RUST_BACKTRACE=1".into()),
            }),
        ),
        ended(
            "broken::hangs",
            Status::TimedOut,
            Some(Failure {
                message: "no window closed within 60 s".into(),
                place: None,
                output: None,
            }),
        ),
        ended("broken::skipped", Status::Skipped, None),
    ]
}

/// Names that try to be more than names.
pub(crate) const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "../../etc/passwd",
    "two\nlines | and a pipe",
    "nul\0and\u{1b}[31mred",
    "emoji 👩‍🔬🧵 日本語",
    "\u{202e}desrever שלום",
    "`code` *bold* [link](javascript:alert(1)) @someone #1",
    "{template} {{ if x }} </style></script><!-- ]]> &amp; \\| end\\",
];

/// Benchmarks with hostile names in every place where a name or message can stand.
pub(crate) fn hostile() -> Vec<Benchmark> {
    let long = "very_long_".repeat(30);
    let names = HOSTILE
        .iter()
        .map(|s| (*s).to_owned())
        .chain([long, String::new()]);
    names
        .enumerate()
        .map(|(i, name)| {
            let mut b = if i % 2 == 0 {
                let mut b = curve(&name, Mode::Concurrent, &[1, 2], |n| 100.0 * n);
                b.laws = Some(law(100.0, 0.5, 0.0, &b.points));
                let old = curve("old", Mode::Concurrent, &[1, 2], |n| 120.0 * n);
                let mut change = change_to(&b, &old, (Verdict::Changed, Verdict::Small), &name);
                change.baseline.clone_from(&name);
                change.scope.clone_from(&name);
                b.change = Some(change);
                b
            } else {
                ended(
                    &name,
                    Status::Failed,
                    Some(Failure {
                        message: name.clone(),
                        place: Some(name.clone()),
                        output: Some(name.clone()),
                    }),
                )
            };
            b.location.file.clone_from(&name);
            b.parameters = vec![Parameter {
                name: name.clone(),
                value: name.clone(),
            }];
            b.scope.clone_from(&name);
            b.cause = Some(Cause {
                dominant: Dominant::OnCpu,
                sentence: name,
            });
            b
        })
        .collect()
}

/// A report with something of everything.
pub(crate) fn everything() -> Report {
    let mut benchmarks = story();
    benchmarks.push(usl_map());
    benchmarks.push(parallel_sort());
    benchmarks.extend(awkward());
    benchmarks.extend(failures());
    benchmarks.sort_by(|a, b| a.id.cmp(&b.id));
    let mut report = report(benchmarks);
    report.warnings = vec![
        "The machine was busy: load average 6.1 on 8 CPUs at the start.".into(),
        "The CPU governor is powersave: frequencies may change during the run.".into(),
    ];
    report
}

/// `count` benchmarks of 8 thread counts each with a baseline, no two alike.
pub(crate) fn many(count: u32) -> Report {
    let benchmarks = (0..count)
        .map(|i| {
            let mut b = usl_map();
            let scale = 1.0 + f64::from(i % 97) / 7.0;
            b.id = format!("module_{}::case_{i:04}", i / 50);
            for p in &mut b.points {
                for e in [&mut p.latency_ns, &mut p.wall_latency_ns] {
                    *e = about(e.estimate * scale, 0.004);
                }
                p.throughput_per_s = about(p.throughput_per_s.estimate / scale, 0.004);
                p.on_cpu_ns = p.on_cpu_ns.map(|v| v * scale);
                p.blocked_ns = p.blocked_ns.map(|v| v * scale);
            }
            let laws = law(48.0 * scale, 0.06, 0.012, &b.points);
            b.laws = Some(laws);
            b
        })
        .collect();
    report(benchmarks)
}
