//! Whether what is expected can be measured at all.

use proc_macro2::TokenStream;
use scalebench_expect::Metric;
use syn::{Error, Result};

use crate::options::{Expected, Options, Threads};

/// Refuses expectations about what the benchmark does not measure, as far as that is known while compiling.
pub(crate) fn check(options: &Options) -> Result<()> {
    options.expect.iter().try_for_each(|expected| {
        let fault = fault_of_mode(options, expected).or_else(|| fault_of_count(options, expected));
        fault.map_or(Ok(()), |(at, message)| Err(Error::new_spanned(at, message)))
    })
}

/// Where something is wrong, and what.
type Fault<'a> = (&'a TokenStream, String);

fn fault_of_mode<'a>(options: &Options, expected: &'a Expected) -> Option<Fault<'a>> {
    let (metric, threads) = (expected.expectation.metric, expected.expectation.threads);
    let message = if options.load.is_some() && (metric, threads) != (Metric::Latency, 1) {
        "under load there are no figures by thread count: expect the unloaded latency, as in `latency <= 200ns`"
    } else if options.parallel.is_some() && metric == Metric::Overhead {
        "a parallel call has no scaling overhead: expect its efficiency or speedup, as in `efficiency(8) >= 70%`"
    } else {
        return None;
    };
    Some((&expected.metric, message.to_owned()))
}

/// A count that is written out nowhere is known at the start of a run, if at all. N = 1 is always measured.
fn fault_of_count<'a>(options: &Options, expected: &'a Expected) -> Option<Fault<'a>> {
    let threads = expected.expectation.threads;
    let (option, mut counts) = listed(options)?;
    if threads == 1 || options.load.is_some() || counts.contains(&u64::from(threads)) {
        return None;
    }
    counts.push(1);
    counts.sort_unstable();
    counts.dedup();
    let measured: Vec<String> = counts.iter().map(u64::to_string).collect();
    let measured = measured.join(", ");
    let message = match options.processes.is_some() && options.threads.is_some() {
        true => format!(
            "{threads} callers are not measured: name one of {measured}, processes times threads in each"
        ),
        false => {
            format!("{threads} is not measured: add it to `{option}`, or name one of {measured}")
        }
    };
    Some((&expected.threads, message))
}

/// What is measured by the list of this option, where it is written out.
fn listed(options: &Options) -> Option<(&'static str, Vec<u64>)> {
    let threads = options.threads.as_ref();
    match (&options.tasks, &options.processes) {
        (Some(tasks), _) => Some(("tasks", written(&tasks.counts)?)),
        (None, Some(processes)) => {
            let processes = written(&processes.counts)?;
            let each = threads.map_or(Some(vec![1]), written)?;
            // With both lists N counts callers.
            let callers = processes.iter().flat_map(|count| {
                let each = each.iter();
                each.map(move |threads| count.saturating_mul(*threads))
            });
            Some(("processes", callers.collect()))
        }
        (None, None) => Some(("threads", written(threads?)?)),
    }
}

fn written(counts: &Threads) -> Option<Vec<u64>> {
    match counts {
        Threads::Counts(counts) => Some(counts.iter().map(|&count| count as u64).collect()),
        Threads::Constant(_) => None,
    }
}
