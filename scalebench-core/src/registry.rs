//! What `#[scale_bench]` leaves behind: one static for each annotated function, gathered by the linker.

use linkme::distributed_slice;
pub use scalebench_model::data::GroupKind;
use scalebench_model::data::{Axis, Group, Location, Mode, Parameter, Work};
use scalebench_model::sort;

use crate::given::{self, FromText};
use crate::launch::Launch;
use crate::protocol::{BenchmarkInfo, MemberInfo};

/// Every annotated function of the binary, in link order; `crate::planner` sorts them.
#[distributed_slice]
pub static ENTRIES: [Entry];

/// An annotated function.
#[derive(Debug)]
pub struct Entry {
    /// `module_path!()` of the function.
    pub module_path: &'static str,
    /// The function's name, or what the `name` option says.
    pub name: &'static str,
    /// `file!()` of the function.
    pub file: &'static str,
    /// `line!()` of the function.
    pub line: u32,
    /// How the thread count acts on it.
    pub mode: EntryMode,
    /// Whether it runs only when asked for (`ignore`).
    pub ignore: bool,
    /// What the attribute's options ask for.
    pub options: EntryOptions,
    /// The parameters with `#[values]`, in order; one benchmark for each combination.
    pub values: &'static [ValuesParameter],
    /// Makes the state and hands the calls over. The slice picks one value for each of `values`, by index.
    pub launch: fn(Launch<'_>, &[usize]),
}

/// Modes that can be annotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryMode {
    /// N threads call the function.
    Concurrent,
    /// One call in a rayon pool of N threads.
    Parallel,
    /// N tasks call the function, on a fixed number of worker threads; `threads` of the options counts them.
    Tasks,
    /// N tasks call the function, on as many worker threads; under load as [`EntryMode::Tasks`].
    Workers,
    /// N processes call the function; `threads` of the options counts them, and `threads_per_process` the calling threads
    /// in each. `keeps`: something is made once for all.
    Processes {
        /// Whether something is made once for all of them.
        keeps: bool,
    },
}

/// What one call gets done with one choice of the values, by index; `None` when that is not above 0.
pub type WorkOfChoice = fn(&[usize]) -> Option<Work>;

/// Options of one annotated function; `None` leaves the choice to the run.
#[derive(Debug, Clone, Copy)]
pub struct EntryOptions {
    /// `threads = […]`, or `tasks = […]` in mode [`EntryMode::Tasks`].
    pub threads: Option<&'static [usize]>,
    /// `threads = […]` beside `processes`: one benchmark for each.
    pub threads_per_process: Option<&'static [usize]>,
    /// `launches = n`.
    pub launches: Option<u32>,
    /// `rounds = n`.
    pub rounds: Option<u32>,
    /// `window = "10 ms"`, in nanoseconds.
    pub window_ns: Option<u64>,
    /// `max_time = "10 s"`, in nanoseconds.
    pub max_time_ns: Option<u64>,
    /// `throughput = items(…)` or `bytes(…)`: what one call gets done with one choice of the values.
    pub work: Option<WorkOfChoice>,
    /// `workers = n` beside `tasks`.
    pub workers: Option<u32>,
    /// The group that it was annotated in.
    pub member: Option<EntryMember>,
    /// `expect(…)`: what it must reach, each as [`scalebench_model::expect`] reads it.
    pub expectations: &'static [&'static str],
    /// Whether it is measured under load: always (`load`), never (it measures by itself), or when asked for.
    pub load: Option<bool>,
}

/// What `#[scale_bench_group]` leaves: functions that are called at the same time.
#[derive(Debug)]
pub struct EntryGroup {
    /// `module_path!()` of the module, which is the group's id but for the parameters.
    pub module_path: &'static str,
    /// How its functions share the threads.
    pub kind: GroupKind,
    /// Their shares, each above 0, in the order of writing.
    pub shares: &'static [u32],
}

/// One function of a group.
#[derive(Debug, Clone, Copy)]
pub struct EntryMember {
    /// The group.
    pub group: &'static EntryGroup,
    /// Its place among them.
    pub index: usize,
}

impl EntryOptions {
    /// Everything left to the run.
    pub const DEFAULT: Self = Self {
        threads: None,
        threads_per_process: None,
        launches: None,
        rounds: None,
        window_ns: None,
        max_time_ns: None,
        work: None,
        workers: None,
        member: None,
        expectations: &[],
        load: None,
    };
}

impl EntryMember {
    /// What the coordinator knows of it; `parameters` is the end of the ids, as in `/size=16`.
    fn info(&self, parameters: &str) -> MemberInfo {
        let group = self.group;
        MemberInfo {
            group: Group {
                id: format!("{}{parameters}", group.module_path),
                kind: group.kind,
                share: group.shares[self.index],
                of: group
                    .shares
                    .iter()
                    .fold(0, |sum, &share| sum.saturating_add(share)),
                timing_ns: None,
            },
            index: self.index,
            members: group.shares.len(),
        }
    }
}

/// A parameter with `#[values]`.
#[derive(Debug)]
pub struct ValuesParameter {
    /// The parameter's name.
    pub name: &'static str,
    /// Its values as text, in the order of writing.
    pub values: fn() -> Vec<String>,
    /// How values that the command line gives in their place are read; `None` for what is compiled in.
    pub from_text: Option<FromText>,
}

/// One benchmark: an annotated function with one choice of its values.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) entry: &'static Entry,
    /// One index for each of the entry's `values`, and one more for the threads in each process of a grid.
    pub(crate) choice: Vec<usize>,
    pub(crate) info: BenchmarkInfo,
}

/// Every benchmark of this binary, sorted by id.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = cases_of(&ENTRIES);
    sort::by(&mut cases, &|a, b| a.info.id.cmp(&b.info.id));
    cases
}

/// The benchmarks of these annotated functions, in their order.
pub(crate) fn cases_of(entries: &'static [Entry]) -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in entries {
        cases.extend(entry_cases(entry));
    }
    cases
}

/// The benchmarks of one annotated function: the full matrix of its values.
fn entry_cases(entry: &'static Entry) -> Vec<Case> {
    let mut columns: Vec<Vec<String>> = entry
        .values
        .iter()
        .map(|values| {
            given::texts(values.name, values.from_text).unwrap_or_else(|| (values.values)())
        })
        .collect();
    columns.extend(entry.options.threads_per_process.map(threads_in_each));
    let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
    for column in &columns {
        let mut longer = Vec::new();
        for choice in &choices {
            let with = |index| [choice.as_slice(), &[index]].concat();
            longer.extend((0..column.len()).map(with));
        }
        choices = longer;
    }
    choices
        .into_iter()
        .map(|choice| case(entry, &columns, choice))
        .collect()
}

/// What ids call the threads in each process of a grid.
pub(crate) const THREADS: &str = "threads";

/// The threads in each process, as ids show them: those of the command line, or else of the attribute.
fn threads_in_each(written: &'static [usize]) -> Vec<String> {
    let mut counts = given::threads().to_vec();
    if counts.is_empty() {
        counts = written.iter().copied().map(count).collect();
    }
    sort::distinct(&mut counts);
    counts.iter().map(ToString::to_string).collect()
}

/// A count beyond u32 is refused later, with every other count that no machine can start.
fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn case(entry: &'static Entry, columns: &[Vec<String>], choice: Vec<usize>) -> Case {
    let is_grid = entry.options.threads_per_process.is_some();
    let names = entry.values.iter().map(|parameter| parameter.name);
    let parameters: Vec<Parameter> = names
        .chain(is_grid.then_some(THREADS))
        .zip(columns)
        .zip(&choice)
        .map(|((name, column), &index)| Parameter {
            name: name.to_owned(),
            value: column[index].clone(),
        })
        .collect();
    let threads_per_process = parameters.last().filter(|_| is_grid);
    let threads_per_process = threads_per_process.and_then(|each| each.value.parse().ok());
    let mut end = String::new();
    for Parameter { name, value } in &parameters {
        end.push_str(&format!("/{name}={value}"));
    }
    let id = format!("{}::{}{end}", entry.module_path, entry.name);
    let options = &entry.options;
    let threads = options
        .threads
        .map(|counts| counts.iter().copied().map(count).collect());
    let info = BenchmarkInfo {
        id,
        mode: match entry.mode {
            _ if options.load == Some(true) => Mode::Load,
            EntryMode::Concurrent
            | EntryMode::Tasks
            | EntryMode::Workers
            | EntryMode::Processes { .. } => Mode::Concurrent,
            EntryMode::Parallel => Mode::Parallel,
        },
        axis: match entry.mode {
            EntryMode::Concurrent | EntryMode::Workers | EntryMode::Parallel => Axis::Threads,
            EntryMode::Tasks => Axis::Tasks,
            EntryMode::Processes { .. } if is_grid => Axis::Callers,
            EntryMode::Processes { .. } => Axis::Processes,
        },
        workers: options.workers,
        threads_per_process,
        location: Location {
            file: entry.file.to_owned(),
            line: entry.line,
        },
        parameters,
        work: options.work.and_then(|work| work(&choice)),
        ignore: entry.ignore,
        threads,
        reference_only: false,
        expectations: options
            .expectations
            .iter()
            .map(|&text| text.to_owned())
            .collect(),
        launches: options.launches,
        rounds: options.rounds,
        window_ns: options.window_ns,
        max_time_ns: options.max_time_ns,
        keeps: entry.mode == EntryMode::Processes { keeps: true },
        member: options.member.map(|member| member.info(&end)),
        loadable: options.load.is_none()
            && options.member.is_none()
            && matches!(
                entry.mode,
                EntryMode::Concurrent | EntryMode::Tasks | EntryMode::Workers
            ),
        is_async: matches!(entry.mode, EntryMode::Tasks | EntryMode::Workers),
    };
    Case {
        entry,
        choice,
        info,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static GRID: Entry = Entry {
        module_path: "service",
        name: "call",
        file: "",
        line: 0,
        mode: EntryMode::Processes { keeps: true },
        ignore: false,
        options: EntryOptions {
            threads: Some(&[1, 4, 2]),
            threads_per_process: Some(&[16, 1, usize::MAX, 16]),
            ..EntryOptions::DEFAULT
        },
        values: &[ValuesParameter {
            name: "size",
            values: || vec!["8".to_owned(), "9".to_owned()],
            from_text: None,
        }],
        launch: |_, _| {},
    };

    #[test]
    fn each_number_of_threads_in_a_process_is_a_benchmark() {
        let cases = entry_cases(&GRID);
        let ids: Vec<&str> = cases.iter().map(|case| case.info.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "service::call/size=8/threads=1",
                "service::call/size=8/threads=16",
                "service::call/size=8/threads=4294967295",
                "service::call/size=9/threads=1",
                "service::call/size=9/threads=16",
                "service::call/size=9/threads=4294967295",
            ]
        );
        let info = &cases[1].info;
        assert_eq!(info.axis, Axis::Callers);
        assert_eq!(info.threads_per_process, Some(16));
        assert_eq!(info.threads.as_deref(), Some(&[1, 4, 2][..]));
        assert!(info.keeps && !info.loadable);
        // The launch function finds its values where they are without threads.
        assert_eq!(cases[4].choice, [1, 1]);
    }
}
