//! Part of scalebench: the `#[scale_bench]` attribute.
//!
//! It reads the annotation (`ast`), refuses what cannot be measured with a message that says what to write instead
//! (`valid`), and writes the code that registers the function (`expand`). The annotated function itself stays as it
//! was written: it can be called, tested and documented like any other.

mod ast;
mod bencher;
mod duration;
mod expand;
mod expected;
mod group;
mod maker;
mod nearest;
mod options;
mod parameter;
mod scan;
mod source;
mod valid;

use proc_macro::TokenStream;

/// Makes a function a benchmark.
///
/// N threads call the function over and over (concurrent mode), or, with `parallel`, one call at a time runs in a rayon
/// pool of N threads. The function stays an ordinary function.
///
/// ```ignore
/// use scalebench::scale_bench;
///
/// #[scale_bench(threads = [1, 2, 4])]
/// fn insert(
///     #[with(DashMap::new())] map: &DashMap<u64, u64>,  // &T      one, shared by all threads
///     #[with(Rng::seed(thread.index()))] rng: &mut Rng, // &mut T  one for each thread
///     #[with(rng.next())] key: u64,                     // T       made before every call, not timed
///     #[values(16, 1024)] size: usize,                  //         one benchmark for each value
/// ) {
///     map.insert(key, size as u64);
/// }
/// ```
///
/// # Parameters
/// The borrow says who owns the state:
///
/// | parameter | made | seen by |
/// | --- | --- | --- |
/// | `&T` | once a launch | all threads (`T: Sync`) |
/// | `&mut T` | once a launch for each thread, on that thread | that thread |
/// | `#[fresh(…)]` on `&T` | before every window, untimed | all threads of the window |
/// | `#[fresh(…)]` on `&mut T` | before every window for each thread, on that thread, untimed | that thread |
/// | `T` | before every call, untimed | that call |
/// | `#[values(…)]` on any | one benchmark for each value | all threads, by value |
///
/// `#[with(expression)]` says how it is made; without it, `Default::default()`. The expression may use the `#[values]`
/// and the parameters before it, each under its own name and with its own type, and, in `&mut T` and `T` parameters,
/// `thread` (`thread.index()`, `thread.count()`). State shared by all threads is made before the state of a thread, state
/// of a launch before that of a window, and all of it before the inputs of a call, so an expression cannot use what is
/// made later. What an expression of a `T` parameter does to the thread's own state happens between calls.
///
/// `#[fresh(expression)]` is for state that calls change for good, as a map that grows: each window begins with its own,
/// in the same condition, and drops it when it is over. Nothing of either is timed. It may use everything that lasts for
/// the launch and the fresh parameters before it; `#[fresh]` alone stands for `Default::default()`. A window begins with
/// a short ramp, so by the time that it opens, calls have changed the state a little.
///
/// ```ignore
/// #[scale_bench]
/// fn insert(
///     #[fresh(prefilled(10_000))] map: &DashMap<u64, u64>,      // 10,000 keys at the start of every window
///     #[with(Keys::new(thread.index()))] keys: &mut Keys,
/// ) {
///     map.insert(keys.next(), 0);
/// }
/// ```
///
/// An expression may fail with `?`: `#[with(File::open("keys")?)]`. The error, whatever can be displayed, then is the
/// benchmark's failure.
///
/// `#[values(1, 2, 4)]` takes values, ranges with both ends (`0..4`, `1..=4`), a `const` (`SIZES`) that is a value or a slice
/// or an array of them, and any mix of these; several such parameters give every combination. Ids show values by `Display`
/// (a `Duration` as `5us`), else by their source, and benchmarks stand in the order of the values. The expressions, and that
/// of `throughput`, are evaluated in a worker process, so one that panics or never ends costs this benchmark alone. `--param NAME=V1,V2` on the command line replaces the values of a type with
/// `FromStr` for one run.
///
/// What a call returns is dropped after the timing. What borrows from the state (a reference, the guard of a lock) is
/// dropped within the call; write its lifetime in the return type (`Iter<'_, u8>`), which is where this shows.
///
/// # Options
/// | option | meaning |
/// | --- | --- |
/// | `name = "…"` | what the benchmark is called; by default the function's name |
/// | `threads = [1, 2, 4]` | the thread counts, each at least 1; or a `const` of type `&[usize]` or `[usize; n]`; 1 is measured even where it is left out, since efficiency refers to it |
/// | `processes = [1, 2, 4]` | the numbers of processes, with a calling thread in each, or `threads = [1, 2]` of them; as for `threads` |
/// | `parallel` | parallel mode |
/// | `load` | load mode: calls arrive on a schedule; `threads = [32]`, or `tasks` of an `async fn`, is how many may run at a time |
/// | `tasks = [1, 8, 64]` | for `async fn`: the tasks in flight, each at least 1; a list or a `const`, as for `threads` |
/// | `workers = 2` | with `tasks`: the worker threads; by default one for each CPU |
/// | `runtime = path` | for `async fn`: the type of the runtime, by default tokio |
/// | `ignore` | runs only when asked for |
/// | `launches = 5`, `rounds = 10` | how often it is measured, each at least 1 |
/// | `window = "10 ms"`, `max_time = "2 s"` | spans with their unit: `ns`, `us`, `ms`, `s`, `min`, `h` |
/// | `throughput = items(n)` or `bytes(n)` | what one call gets done; `n` may use the `#[values]` and the `T` parameters |
/// | `expect(efficiency(8) >= 0.7, …)` | what it must reach, see below |
/// | `types = [A, B]` | the types a generic function is measured with |
/// | `consts = [1, 2]` | the values of its const parameter |
/// | `crate = path` | where `scalebench` is, when it was renamed or re-exported |
///
/// # Expectations
/// A run whose benchmark misses what it is expected to reach ends with exit code 1. No baseline is needed:
///
/// ```ignore
/// #[scale_bench(expect(efficiency(8) >= 0.7, latency <= "200ns", overhead(4) <= "50ns"))]
/// fn get(#[with(Map::filled(1024))] map: &Map, #[with(thread.index())] key: &mut u64) { map.get(key); }
/// ```
///
/// | metric | what it is | limit |
/// | --- | --- | --- |
/// | `latency`, `latency(N)` | the single-call latency; that at N threads | `ns`, `us`, `ms`, `s` |
/// | `efficiency(N)` | the scaling efficiency at N threads | `70%` or `0.7` |
/// | `speedup(N)` | throughput at N threads over that at 1; in parallel mode how much faster a call is | `5.5` |
/// | `throughput(N)` | calls a second over all threads | `/s`, `k/s`, `M/s`, `G/s` |
/// | `overhead(N)` | latency at N threads less that at 1 | as for `latency` |
///
/// Compared by `<=`, `>=`, `<` or `>`. A limit may stand in quotes. N counts what the benchmark varies. It passed or failed where the whole 95 % interval lies on one side of the limit. Else it is
/// undecided, which passes but at `--gate-strict`. With more threads than CPUs it does not apply. `--expect` adds to it for one
/// run. Under load only `latency`, the unloaded one, can be expected.
///
/// # Processes
/// With `processes = [1, 2, 4]` N processes call the function, each from one thread, in one common window. Everything is made
/// in each of them, as above for one thread, but for one parameter: `#[shared(expression)]` is evaluated in a process of
/// its own, which keeps what it made until the launch is over, and all others get its text (`Display`, as from
/// `to_string()`) as `&str`: the address of a server, the path of a file. It may use the `#[values]`, and the parameters
/// after it may use its text.
///
/// ```ignore
/// #[scale_bench(processes = [1, 2, 4])]
/// fn request(
///     #[shared(Server::start()?)] address: &str,                     // one server; `impl Display for Server`
///     #[with(TcpStream::connect(address)?)] client: &mut TcpStream,  // one for each process
/// ) {
///     client.ask();
/// }
/// ```
///
/// With `threads` beside `processes` both vary. Each number of threads is a benchmark of its own (`request/threads=2`), in
/// which N counts callers: 2 threads in each of 1, 2 and 4 processes are 2, 4 and 8 callers. A single caller, one thread
/// of one process, is always measured: that is the latency to which efficiency refers. State is made in each process as
/// above: `&T` is one for its threads, `&mut T` one for each of them.
///
/// ```ignore
/// #[scale_bench(processes = [1, 2, 4], threads = [1, 2])]
/// fn request(
///     #[shared(Server::start()?)] address: &str,   // one server
///     #[with(Pool::new(address)?)] pool: &Pool,    // one for each process, shared by its threads
/// ) {
///     pool.client().ask();
/// }
/// ```
///
/// # Async functions
/// With the feature `tokio`, an `async fn` is called by N tasks on tokio's multi-thread runtime as a plain one is by N
/// threads: each task makes one call after the other. One of two things varies:
///
/// | options | N is | worker threads |
/// | --- | --- | --- |
/// | `threads = [1, 2, 4]`, or neither | worker threads, each with a task | N |
/// | `tasks = [1, 8, 64]` | tasks in flight | `workers = 2`, or one for each CPU |
///
/// Latency is the time from a call's first poll until it is ready, with the time that its task waits for a worker.
/// State is as above with "task" for "thread", all of it `Send`, and every expression may `.await`. State that is shared
/// is made on the runtime of the tasks that use it: once a launch, and while worker threads vary once for each number of
/// them, since each has a runtime of its own.
///
/// ```ignore
/// #[scale_bench(tasks = [1, 2, 4, 8], workers = 2)]
/// async fn request(
///     #[with(Server::start().await?)] server: &Server,       // &T      one, shared by all tasks
///     #[with(server.connect().await?)] client: &mut Client,  // &mut T  one for each task
/// ) -> Response {
///     client.get("/").await
/// }
/// ```
///
/// `runtime = path` names another runtime: any type that implements `scalebench::Executor`. The operating system knows
/// threads and not tasks, so figures of tasks are by the wall clock, and where their time goes is not known.
///
/// # Under load
/// With `load`, calls arrive on a schedule at a ladder of rates, whether or not the last one is done, and response time
/// counts from the intended start. `--load` does the same to every concurrent benchmark of a run. `docs/load.md` says how.
/// A function may return a `Result`: an `Err` counts as an error, and when all calls return one the benchmark fails.
///
/// ```ignore
/// #[scale_bench(load, threads = [32])] // up to 32 calls at a time; further arrivals queue
/// fn request(#[with(Server::start()?)] server: &Server) -> io::Result<Reply> {
///     server.request("/")
/// }
/// ```
///
/// # In a library
/// Functions of a library's own modules are annotated under a condition, which the parameters repeat:
///
/// ```ignore
/// #[cfg_attr(feature = "bench", scalebench::scale_bench)]
/// fn insert(#[cfg_attr(feature = "bench", with(Map::new()))] map: &Map) {
///     map.insert(1);
/// }
/// ```
///
/// # Errors
/// What cannot be measured is a compile error that says what to write: methods and associated functions, `unsafe fn`, `async fn` without a
/// runtime, generic functions without `types` or `consts`, parameters that are patterns, and options that contradict each
/// other.
#[proc_macro_attribute]
pub fn scale_bench(options: TokenStream, function: TokenStream) -> TokenStream {
    expand::scale_bench(options.into(), function.into()).into()
}

/// Makes the functions of a module one benchmark in which they are called at the same time.
///
/// ```ignore
/// use scalebench::scale_bench_group;
///
/// #[scale_bench_group(threads = [2, 4, 8])]
/// mod cache {
///     use super::*;
///
///     #[shared] // made once, and taken by name
///     fn map(#[values(16, 1024)] size: usize) -> Map { Map::filled(size) }
///
///     #[role(share = 3)] // three of four threads read
///     fn read(map: &Map, #[with(Rng::seed(thread.index()))] rng: &mut Rng) -> Option<u64> { map.get(rng.next()) }
///
///     #[role(share = 1)] // one of four writes
///     fn write(map: &Map, #[with(1)] key: u64) { map.insert(key) }
/// }
/// ```
///
/// Every function is a benchmark of its own, with its own latency and efficiency; they are never blended. All functions
/// stay ordinary functions.
///
/// # Roles
/// Each thread has one role for all its calls. Each role gets one thread; every further thread goes to the role that is
/// furthest behind its share, the first of them in a tie. So no role loses a thread when there are more, and where the
/// shares divide the thread count the division is exact: `share = 3` and `share = 1` are 3 and 1 of 4 threads, 6 and 2 of
/// 8. The thread counts are those of the whole group. At 1 thread, which is always measured, each role is called alone:
/// that is the latency to which its efficiency refers. `#[role]` alone is `share = 1`; `name`, `throughput` and
/// `expect` are as in [`macro@scale_bench`].
///
/// # A mix
/// With `mix(read = 90, write = 10)` every thread calls all these functions, and draws which one for every call, from a
/// generator of its own with a fixed seed. Every call is timed by itself, which costs two readings of the clock: about
/// one of them is inside a latency, and the report says what that costs. Drawing is not timed. The functions carry
/// `#[role(…)]` only for what is said of one alone, without a share: `name`, `throughput`, `expect`.
///
/// # State
/// A `#[shared]` function makes what the functions share, once a launch. Its name is how it is taken: `map: &Map` takes
/// what `fn map` returns. It may take `#[values]`, by which all functions of the group vary, and what was made before it,
/// by name, too. It may return a `Result`; the error then is the benchmark's failure. All other parameters are as in
/// [`macro@scale_bench`]: `&mut T` is one for each thread, `T` is made before every call. In roles, `thread` counts the
/// threads of the role.
/// A `#[fresh]` function does the same for every window, before it and untimed: for what the calls change for good, as a
/// queue that fills. Functions of the group may have `#[fresh(…)]` on `&mut T` parameters, too.
///
/// # Options
/// `threads`, `mix`, `ignore`, `launches`, `rounds`, `window`, `max_time`, `expect` and `crate`; all but `mix` are as in
/// [`macro@scale_bench`]. What the group expects is expected of each of its functions.
///
/// # Errors
/// What cannot be measured is a compile error that says what to write: thread counts that leave a role without a
/// thread, references to what no `#[shared]` function makes, `async fn`, `unsafe fn`, generic functions.
#[proc_macro_attribute]
pub fn scale_bench_group(options: TokenStream, module: TokenStream) -> TokenStream {
    group::scale_bench_group(options.into(), module.into()).into()
}
