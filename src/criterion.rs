//! The criterion plug-in: macros, because only the user's own crate knows which criterion it uses.

/// Defines a function for the project's own `criterion_group!` that runs every
/// [`scale_bench`](macro@crate::scale_bench) function of the target under criterion.
///
/// Each becomes a group with one benchmark a thread count (`maps::insert/threads/4`, or `client::get/tasks/8` where tasks
/// vary), so criterion's statistics, baselines, filters and plots work as ever. Our engine measures the windows inside `iter_custom`; afterwards its own
/// two-figure report of the same windows is printed, and written to `target/scalebench/report` as by `cargo bench`.
///
/// ```ignore
/// use criterion::{Criterion, criterion_group, criterion_main};
///
/// fn existing(criterion: &mut Criterion) { /* … */ }
///
/// #[scalebench::scale_bench]
/// fn insert(map: &DashMap<u64, u64>, #[with(thread.index() as u64)] key: u64) {
///     map.insert(key, key);
/// }
///
/// scalebench::criterion_bench!(scaling);
/// criterion_group!(benches, existing, scaling);
/// criterion_main!(benches);
/// ```
///
/// The generated code names `::criterion`, whichever version that is: 0.5 to 0.8 are tested, and drop-in replacements
/// under that name. Where it is called otherwise: `criterion_bench!(scaling, crate = codspeed_criterion_compat)`.
///
/// criterion measures one thread count after the other in its own process. [`main!`](crate::main) takes turns and starts
/// several processes, so its intervals cover more; the report says which of the two it stands on. `SCALEBENCH_THREADS`
/// and the attribute's `threads` choose the thread counts. Ignored functions are left out. A function that panics ends
/// the bench target, as with criterion's own benchmarks.
#[cfg(feature = "criterion")]
#[macro_export]
macro_rules! criterion_bench {
    ($name:ident $(,)?) => {
        $crate::criterion_bench!($name, crate = ::criterion);
    };
    ($name:ident, crate = $($criterion:tt)+) => {
        fn $name(criterion: &mut $($criterion)+::Criterion) {
            let mut plugin = $crate::__private::criterion::Plugin::new(
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::env!("CARGO_CRATE_NAME"),
            );
            for benchmark in plugin.benchmarks() {
                let mut group = criterion.benchmark_group(benchmark.id());
                for threads in benchmark.threads() {
                    group.bench_function(
                        $($criterion)+::BenchmarkId::new(benchmark.axis(), threads),
                        |bencher| {
                            benchmark.prepare(threads);
                            bencher.iter_custom(|iterations| benchmark.time(threads, iterations));
                        },
                    );
                }
                group.finish();
                benchmark.end();
            }
            plugin.finish();
        }
    };
}

/// Sweeps thread counts over a closure inside one of criterion's groups, without an annotated function.
///
/// N threads call the closure over and over. With two closures, the first makes a thread's own state and the second
/// takes it by `&mut`:
///
/// ```ignore
/// fn sweeps(criterion: &mut Criterion) {
///     let mut group = criterion.benchmark_group("maps");
///     let map = DashMap::new();
///     scalebench::criterion_sweep!(group, "insert", [1, 2, 4], || map.insert(1, 2));
///     scalebench::criterion_sweep!(
///         group,
///         "insert own",
///         [1, 2, 4],
///         |thread| thread.index() as u64,
///         |key| map.insert(*key, 2),
///     );
///     group.finish();
/// }
/// ```
///
/// The benchmarks are called `maps/insert/threads/4`. criterion keeps the name of a group to itself, so our report, which
/// follows each sweep, knows it only when it is said: `criterion_sweep!(group = "maps", group, "insert", …)` is
/// `maps/insert` there, too. An empty list of thread counts leaves them to the run; everything else is as with [`criterion_bench!`](crate::criterion_bench), also where criterion has
/// another name: `criterion_sweep!(crate = codspeed_criterion_compat, group, …)`.
///
/// # Panics
/// When a thread count is 0, and when a closure panics.
#[cfg(feature = "criterion")]
#[macro_export]
macro_rules! criterion_sweep {
    (crate = $criterion:ident, $($rest:tt)+) => {
        $crate::__criterion_sweep!(in ($criterion), $($rest)+)
    };
    (crate = ::$criterion:ident, $($rest:tt)+) => {
        $crate::__criterion_sweep!(in (::$criterion), $($rest)+)
    };
    ($($rest:tt)+) => {
        $crate::__criterion_sweep!(in (::criterion), $($rest)+)
    };
}

/// The rest of [`criterion_sweep!`].
#[cfg(feature = "criterion")]
#[doc(hidden)]
#[macro_export]
macro_rules! __criterion_sweep {
    (in $criterion:tt, group = $of:expr, $($rest:tt)+) => {
        $crate::__criterion_sweep!($criterion, (::std::format!("{}/", $of)), $($rest)+)
    };
    (in $criterion:tt, $($rest:tt)+) => {
        $crate::__criterion_sweep!($criterion, (""), $($rest)+)
    };
    ($criterion:tt, $of:tt, $group:expr, $name:expr, $threads:expr, $call:expr $(,)?) => {
        $crate::__criterion_sweep!(
            $criterion, $of, $group, $name, $threads, |_| (), {
                let call = $call;
                move |_: &mut ()| call()
            }
        )
    };
    (
        ($($criterion:tt)+), $of:tt, $group:expr, $name:expr, $threads:expr, $own:expr, $call:expr $(,)?
    ) => {{
        let name = ::std::string::ToString::to_string(&$name);
        let threads: &[usize] = &$threads;
        let group = &mut $group;
        let sweep = $crate::__private::criterion::Sweep {
            package: ::core::option_env!("CARGO_PKG_NAME"),
            target: ::core::env!("CARGO_CRATE_NAME"),
            id: &::std::format!("{}::{}{name}", ::core::module_path!(), $of),
            file: ::core::file!(),
            line: ::core::line!(),
            threads,
        };
        sweep.run($own, $call, |benchmark| {
            for threads in benchmark.threads() {
                group.bench_function(
                    $($criterion)+::BenchmarkId::new(::std::format!("{name}/threads"), threads),
                    |bencher| {
                        benchmark.prepare(threads);
                        bencher.iter_custom(|iterations| benchmark.time(threads, iterations));
                    },
                );
            }
        });
    }};
}

/// Only with the feature `criterion`.
#[cfg(not(feature = "criterion"))]
#[macro_export]
macro_rules! criterion_bench {
    ($($all:tt)*) => {
        ::core::compile_error!("`criterion_bench!` needs the feature `criterion` of scalebench");
    };
}

/// Only with the feature `criterion`.
#[cfg(not(feature = "criterion"))]
#[macro_export]
macro_rules! criterion_sweep {
    ($($all:tt)*) => {
        ::core::compile_error!("`criterion_sweep!` needs the feature `criterion` of scalebench")
    };
}
