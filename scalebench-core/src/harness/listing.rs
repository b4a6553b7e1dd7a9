//! Which benchmarks there are.
//!
//! Functions with `#[values]` or a `throughput` say that by expressions of the user's, which may panic, end the process or
//! never end. So a worker evaluates them, and one that does not stand it costs the benchmarks of one function.

use scalebench_model::data::{BenchmarkRecord, Failure, Status};
use scalebench_model::sort;

use crate::coordinator::ask::{AskError, Asked, Spawn, unexpected};
use crate::options::Selection;
use crate::protocol::{BenchmarkInfo, Evaluated, Order, Reply};
use crate::registry::{self, Function, is_of};

/// The benchmarks of this binary.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Those that are known, sorted by id.
    pub(crate) benchmarks: Vec<BenchmarkInfo>,
    /// Functions whose expressions failed, each as a benchmark that did.
    pub(crate) broken: Vec<BenchmarkRecord>,
    /// Functions that were not asked, since none of their benchmarks can take part.
    unasked: Vec<String>,
    /// Functions for which values of the command line cannot be used, and why.
    refused: Vec<(String, String)>,
}

/// The ids that a binary has, as far as it was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Ids, sorted.
    pub(crate) ids: Vec<String>,
    /// Functions of which no id is known: all that begin with their names may be theirs.
    pub(crate) functions: Vec<String>,
}

impl Known {
    /// All that the functions of this binary may have; none of them is asked.
    #[cfg(feature = "criterion")]
    pub(crate) fn all_functions() -> Self {
        let functions = registry::functions().into_iter();
        Self {
            ids: Vec::new(),
            functions: functions.map(|function| function.name).collect(),
        }
    }

    /// Whether there is a benchmark of this id, or may be.
    pub(crate) fn contains(&self, id: &str) -> bool {
        let mut functions = self.functions.iter();
        self.ids.iter().any(|known| known == id) || functions.any(|function| is_of(id, function))
    }

    /// How many benchmarks there are at least.
    pub(crate) fn len(&self) -> usize {
        self.ids.len() + self.functions.len()
    }

    /// What ids begin with.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().chain(&self.functions).map(String::as_str)
    }
}

impl Listing {
    /// Finds out which benchmarks there are. Workers of `spawn` evaluate the expressions of those that `selection` may take.
    ///
    /// # Errors
    /// When the user asked for an end.
    pub(crate) fn of_this(spawn: &dyn Spawn, selection: &Selection) -> Result<Self, AskError> {
        let functions = registry::functions();
        let mut asked = Asked::of(spawn);
        let mut listing = Self::default();
        for function in &functions {
            if !function.has_expressions() {
                listing.add(function, &function.evaluate());
            } else if !may_take_part(function, &functions, selection) {
                listing.unasked.push(function.name.clone());
            } else {
                match evaluate(&mut asked, function) {
                    Ok(evaluated) => listing.add(function, &evaluated),
                    Err(AskError::Interrupted) => return Err(AskError::Interrupted),
                    Err(AskError::Failed(failure)) => {
                        listing.fail(function, Status::Failed, failure);
                    }
                    Err(AskError::TimedOut(failure)) => {
                        listing.fail(function, Status::TimedOut, failure);
                    }
                }
            }
        }
        listing.fail_groups(&functions);
        sort::by(&mut listing.benchmarks, &|a, b| sort::ids(&a.id, &b.id));
        Ok(listing)
    }

    /// The ids, as far as they are known.
    pub(crate) fn known(&self) -> Known {
        let broken = self.broken.iter().map(|record| record.id.clone());
        Known {
            ids: self.benchmarks.iter().map(|info| info.id.clone()).collect(),
            functions: broken.chain(self.unasked.iter().cloned()).collect(),
        }
    }

    /// The functions that failed and that `selection` means, as it does by any name that their ids would have.
    pub(crate) fn broken_in(&self, selection: &Selection) -> Vec<BenchmarkRecord> {
        let functions = registry::functions();
        let means = |record: &&BenchmarkRecord| {
            let mut functions = functions.iter();
            functions.any(|function| function.name == record.id && selection.means(function))
        };
        self.broken.iter().filter(means).cloned().collect()
    }

    /// Why values that the command line gives cannot be used for one of `selected`.
    pub(crate) fn refusal(&self, selected: &[BenchmarkInfo]) -> Option<&str> {
        let is_selected = |function: &str| selected.iter().any(|info| is_of(&info.id, function));
        let mut refused = self.refused.iter();
        let found = refused.find(|(function, _)| is_selected(function));
        found.map(|(_, why)| why.as_str())
    }

    fn add(&mut self, function: &Function, evaluated: &[Evaluated]) {
        self.benchmarks.extend(function.benchmarks(evaluated));
        let mut refused = evaluated.iter().filter_map(|each| each.refused.clone());
        let refused = refused.next();
        self.refused
            .extend(refused.map(|why| (function.name.clone(), why)));
    }

    fn fail(&mut self, function: &Function, status: Status, failure: Failure) {
        let message = format!("evaluating {}: {}", function.expressions(), failure.message);
        self.broken.push(BenchmarkRecord {
            status,
            failure: Some(Failure { message, ..failure }),
            ..function.unevaluated().unmeasured()
        });
    }

    /// What ends one function of a group ends all of them.
    fn fail_groups(&mut self, functions: &[Function]) {
        let group = |name: &str| {
            let mut functions = functions.iter();
            functions.find(|function| function.name == name)?.group()
        };
        let failed: Vec<(&str, BenchmarkRecord)> = self
            .broken
            .iter()
            .filter_map(|record| Some((group(&record.id)?, record.clone())))
            .collect();
        for (group, first) in failed {
            let of_group = functions
                .iter()
                .filter(|function| function.group() == Some(group));
            for function in of_group {
                self.benchmarks
                    .retain(|info| !is_of(&info.id, &function.name));
                if self.broken.iter().all(|record| record.id != function.name) {
                    self.broken.push(BenchmarkRecord {
                        status: first.status,
                        failure: first.failure.clone(),
                        ..function.unevaluated().unmeasured()
                    });
                }
            }
        }
    }
}

/// Whether `selection` may take a benchmark of the function, or of its group, which is measured as a whole.
fn may_take_part(function: &Function, functions: &[Function], selection: &Selection) -> bool {
    let takes = |each: &Function| selection.may_take(&each.name, each.ignore());
    let group = function.group();
    let mut others = functions.iter();
    takes(function) || group.is_some() && others.any(|other| other.group() == group && takes(other))
}

fn evaluate(asked: &mut Asked<'_>, function: &Function) -> Result<Vec<Evaluated>, AskError> {
    let order = Order::Evaluate {
        function: function.name.clone(),
    };
    match asked.ask(&order)? {
        Reply::Evaluated { entries } if function.fits(&entries) => Ok(entries),
        other => Err(unexpected(&other)),
    }
}
