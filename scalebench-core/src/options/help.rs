//! The help text.

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Measures the benchmarks of this target: single-call latency and scaling efficiency.

Usage: cargo bench [--bench NAME] -- [FILTER...] [FLAGS]

Which benchmarks
  FILTER               those whose id contains FILTER (several: any of them)
  --exact              FILTER is a whole id
  --skip PART          not those whose id contains PART
  --ignored            only ignored ones;  --include-ignored: those too
  --list               print the ids;  --format terse|pretty

Comparing (by default with the runs before)
  --save-baseline NAME keep this run under a name
  --baseline NAME      compare with that baseline;  --baseline-lenient NAME: if
                       there is one
  --load-baseline NAME show that baseline instead of measuring
  --discard-baseline   do not store this run
  --against BINARY     another build of this target, measured window by window
  --allow-different-machine
  --gate performance=5%,scalability=5%   exit 1 when more than that is lost;
                       --gate-strict: also when the data cannot tell, or when
                       efficiency fell with a faster call that N threads share
                       only in part
  --expect 'efficiency(8) >= 70%, latency <= 200ns'   exit 1 when a selected
                       benchmark misses one of these; needs no baseline. Also
                       speedup(N), throughput(N) >= 5M/s, overhead(N), latency(N)

How to measure
  --quick              1 launch of 30 rounds
  --ci                 10 launches of 10 rounds (default: 5 of 10)
  --threads 1,2,4      thread counts; in each process, where both vary. 1 is
                       always measured: efficiency refers to it
  --processes 1,2,4    processes, of benchmarks that vary them
  --tasks 1,8,64       tasks in flight, of async benchmarks that vary them
  --param NAME=V1,V2   instead of the values of #[values] parameters of this name
  --launches N         worker processes for each benchmark
  --rounds N           rounds in each launch
  --window TIME        length of a window (default: 10 calls, at least 10ms)
  --max-time TIME      budget for each benchmark (default 10s)
  --timeout TIME       longest wait for one window (default 60s)
  --seed N             order of the thread counts
  --no-pin             let threads move between CPUs
  --no-priority        never ask to run before busy processes
  --in-process         measure in this process, for debuggers and profilers
  --load [RATE[,TIME]] under load: arrivals on a schedule, at a ladder of rates
                       or at one (5000/s,10s); --threads, --tasks: callers
  --schedule poisson|constant   gaps between arrivals (default poisson)
  --call-timeout TIME  a longer response counts as timed out
  --knee-factor N      the knee: where p99 passes N x the unloaded latency (10)
  --profile-time TIME  only call, for TIME at each thread count, in this
                       process, for profilers; nothing is measured or saved

Where to measure (one launch on one host at a time; see docs/hosts.md)
  --launcher COMMAND   start workers by COMMAND, such as 'ssh {host}'
  --hosts a,b          on these hosts in turn
  --remote-program PATH  where this program is there (default: as here)
  --on-host-loss fail|continue   when a host is lost (default fail)

What to show
  --nocapture          what the benchmarks print
  --color auto|always|never,  -q --quiet,  -v --verbose,  -V --version
  --test               call each benchmark once at 1 and 2 threads or processes

Every flag has a variable: SCALEBENCH_THREADS=1,2 is --threads 1,2.
SCALEBENCH_KEEP_RUNS=N keeps the newest N runs of each target (default 50, 0 all).
Exit codes: 0 fine, 1 gate or expectation failed, 2 usage, 3 a benchmark failed, 4 could not
read or write, 130 interrupted.
";
