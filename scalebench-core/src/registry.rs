//! What `#[scale_bench]` leaves behind: one static for each annotated function, gathered by the linker.

use linkme::distributed_slice;
pub use scalebench_model::data::GroupKind;
use scalebench_model::data::{Axis, Group, Location, Mode, Parameter, Work};
use scalebench_model::render::visible;
use scalebench_model::sort;

use crate::given::{self, FromText};
use crate::launch::Launch;
use crate::protocol::{BenchmarkInfo, Evaluated, MemberInfo};

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

/// An annotated function.
#[derive(Debug)]
pub(crate) struct Function {
    /// How the ids of its benchmarks begin.
    pub(crate) name: String,
    /// One for each choice of its generic parameters.
    pub(crate) entries: Vec<&'static Entry>,
}

impl Function {
    /// Whether its `#[values]` or its `throughput` are expressions, which may do anything. What is compiled in is none.
    pub(crate) fn has_expressions(&self) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.has_values() || entry.options.work.is_some())
    }

    /// What its expressions are called in messages.
    pub(crate) fn expressions(&self) -> &'static str {
        let has = |what: fn(&Entry) -> bool| self.entries.iter().any(|entry| what(entry));
        match (
            has(Entry::has_values),
            has(|entry| entry.options.work.is_some()),
        ) {
            (true, true) => "`#[values]` and `throughput`",
            (false, true) => "`throughput`",
            (_, false) => "`#[values]`",
        }
    }

    /// Evaluates its expressions, in the order of its entries.
    pub(crate) fn evaluate(&self) -> Vec<Evaluated> {
        self.entries.iter().map(|entry| entry.evaluate()).collect()
    }

    /// Its benchmarks; `evaluated` is what its expressions came to.
    pub(crate) fn benchmarks(&self, evaluated: &[Evaluated]) -> Vec<BenchmarkInfo> {
        let each = self.entries.iter().zip(evaluated);
        let cases = each.flat_map(|(entry, evaluated)| entry.cases(evaluated));
        cases.map(|case| case.info).collect()
    }

    /// Whether `evaluated` can be of this function.
    pub(crate) fn fits(&self, evaluated: &[Evaluated]) -> bool {
        let fits = |(entry, of): (&&Entry, &Evaluated)| {
            let works = entry.options.work.map_or(0, |_| entry.choices(of).len());
            (of.columns.len(), of.works.len()) == (entry.values.len(), works)
        };
        evaluated.len() == self.entries.len() && self.entries.iter().zip(evaluated).all(fits)
    }

    /// What is known of it where its expressions came to nothing.
    pub(crate) fn unevaluated(&self) -> BenchmarkInfo {
        case(self.entries[0], &[], Vec::new(), None).info
    }

    /// Whether it runs only when asked for.
    pub(crate) fn ignore(&self) -> bool {
        self.entries.iter().all(|entry| entry.ignore)
    }

    /// The group that it was annotated in.
    pub(crate) fn group(&self) -> Option<&'static str> {
        let member = self.entries[0].options.member;
        member.map(|member| member.group.module_path)
    }

    /// The names of its parameters.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.entries[0].values.iter().map(|values| values.name)
    }
}

/// Whether the benchmark `id` is one of the function `name`.
pub(crate) fn is_of(id: &str, name: &str) -> bool {
    let rest = id.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Every annotated function of this binary, sorted by name.
pub(crate) fn functions() -> Vec<Function> {
    let named = |entry: &'static Entry| (entry.function(), entry);
    let mut entries: Vec<(String, &'static Entry)> = ENTRIES.iter().map(named).collect();
    sort::by(&mut entries, &|a, b| a.0.cmp(&b.0));
    let mut functions: Vec<Function> = Vec::new();
    for (name, entry) in entries {
        match functions.last_mut().filter(|last| last.name == name) {
            Some(last) => last.entries.push(entry),
            None => functions.push(Function {
                name,
                entries: vec![entry],
            }),
        }
    }
    functions
}

/// The benchmarks of functions without expressions.
pub(crate) fn plain(entries: &'static [Entry]) -> Vec<BenchmarkInfo> {
    let cases = entries
        .iter()
        .flat_map(|entry| entry.cases(&entry.evaluate()));
    cases.map(|case| case.info).collect()
}

/// The benchmark `id` among those of `entries`. Of no other function are expressions evaluated, and of this one only those
/// that ids are made of.
pub(crate) fn find(entries: &'static [Entry], id: &str) -> Option<Case> {
    entries
        .iter()
        .filter(|entry| is_of(id, &entry.function()))
        .flat_map(|entry| {
            let (columns, _) = entry.columns();
            entry.cases(&Evaluated {
                columns,
                ..Evaluated::default()
            })
        })
        .find(|case| case.info.id == id)
}

impl Entry {
    /// How the ids of its benchmarks begin.
    fn function(&self) -> String {
        visible(&format!("{}::{}", self.module_path, self.name))
    }

    fn has_values(&self) -> bool {
        let mut values = self.values.iter();
        values.any(|parameter| parameter.from_text.is_some())
    }

    fn evaluate(&self) -> Evaluated {
        let (columns, refused) = self.columns();
        let mut evaluated = Evaluated {
            columns,
            works: Vec::new(),
            refused,
        };
        if let Some(work) = self.options.work {
            let choices = self.choices(&evaluated);
            evaluated.works = choices.iter().map(|choice| work(choice)).collect();
        }
        evaluated
    }

    /// The texts of its values: those that the command line gives, where it does and they can be used.
    fn columns(&self) -> (Vec<Vec<String>>, Option<String>) {
        let mut refused = None;
        let texts = |values: &ValuesParameter| match given::texts(
            values.name,
            values.from_text,
            &self.function(),
        ) {
            Some(Ok(texts)) => texts,
            given => {
                refused = refused.take().or(given.and_then(Result::err));
                (values.values)()
            }
        };
        let columns = self.values.iter().map(texts).collect();
        (columns, refused)
    }

    /// The values of each parameter, and the threads in each process of a grid.
    fn all_columns(&self, evaluated: &Evaluated) -> Vec<Vec<String>> {
        let mut columns = evaluated.columns.clone();
        columns.extend(self.options.threads_per_process.map(threads_in_each));
        columns
    }

    /// Every choice of its values, by index.
    fn choices(&self, evaluated: &Evaluated) -> Vec<Vec<usize>> {
        let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
        for column in &self.all_columns(evaluated) {
            let mut longer = Vec::new();
            for choice in &choices {
                let with = |index| [choice.as_slice(), &[index]].concat();
                longer.extend((0..column.len()).map(with));
            }
            choices = longer;
        }
        choices
    }

    /// Its benchmarks: the full matrix of its values.
    fn cases(&'static self, evaluated: &Evaluated) -> Vec<Case> {
        let columns = self.all_columns(evaluated);
        let choices = self.choices(evaluated).into_iter().enumerate();
        let of_choice = |(place, choice)| {
            let work = evaluated.works.get(place).copied().flatten();
            case(self, &columns, choice, work)
        };
        choices.map(of_choice).collect()
    }
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

fn case(
    entry: &'static Entry,
    columns: &[Vec<String>],
    choice: Vec<usize>,
    work: Option<Work>,
) -> Case {
    let is_grid = entry.options.threads_per_process.is_some();
    let names = entry.values.iter().map(|parameter| parameter.name);
    let parameters: Vec<Parameter> = names
        .chain(is_grid.then_some(THREADS))
        .zip(columns)
        .zip(&choice)
        .map(|((name, column), &index)| Parameter {
            name: name.to_owned(),
            // Ids are one line that shows all of itself, wherever they are printed.
            value: visible(&column[index]),
        })
        .collect();
    let threads_per_process = parameters.last().filter(|_| is_grid);
    let threads_per_process = threads_per_process.and_then(|each| each.value.parse().ok());
    let mut end = String::new();
    for Parameter { name, value } in &parameters {
        end.push_str(&format!("/{name}={value}"));
    }
    let id = format!("{}{end}", entry.function());
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
        work,
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
        let cases = GRID.cases(&GRID.evaluate());
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

    static BROKEN: [Entry; 2] = [
        Entry {
            name: "plain",
            ..PLAIN
        },
        Entry {
            values: &[ValuesParameter {
                name: "text",
                values: || vec!["a\nb \u{1b}[2J\u{202e}".to_owned()],
                from_text: Some(FromText {
                    ty: "&str",
                    read: |text| Ok(text.to_owned()),
                }),
            }],
            options: EntryOptions {
                work: Some(|_| panic!("of no concern to an id")),
                ..EntryOptions::DEFAULT
            },
            ..PLAIN
        },
    ];

    const PLAIN: Entry = Entry {
        module_path: "service",
        name: "broken",
        file: "",
        line: 0,
        mode: EntryMode::Concurrent,
        ignore: false,
        options: EntryOptions::DEFAULT,
        values: &[],
        launch: |_, _| {},
    };

    fn function(entry: &'static Entry) -> Function {
        Function {
            name: entry.function(),
            entries: vec![entry],
        }
    }

    #[test]
    fn what_is_compiled_in_is_no_expression() {
        assert!(!function(&GRID).has_expressions());
        assert!(!function(&BROKEN[0]).has_expressions());
        let broken = function(&BROKEN[1]);
        assert!(broken.has_expressions());
        assert_eq!(broken.expressions(), "`#[values]` and `throughput`");
        let info = broken.unevaluated();
        assert_eq!(
            (info.id.as_str(), info.parameters.len()),
            ("service::broken", 0)
        );
    }

    #[test]
    fn an_evaluation_of_another_function_is_found_out() {
        let grid = function(&GRID);
        assert!(grid.fits(&grid.evaluate()));
        assert!(!grid.fits(&[]));
        assert!(!grid.fits(&[Evaluated::default()]));
    }

    #[test]
    fn a_benchmark_is_found_by_the_id_that_is_printed() {
        let id = "service::broken/text=a\\nb \\u{1b}[2J\\u{202e}";
        let found = find(&BROKEN, id).expect("it is there");
        assert_eq!((found.info.id.as_str(), found.choice.len()), (id, 1));
        assert_eq!(
            found.info.parameters[0].value,
            id.split_once('=').expect("a value").1
        );
        assert!(find(&BROKEN, "service::broken").is_none());
        assert!(find(&BROKEN, "service::plain").is_some());
    }
}
