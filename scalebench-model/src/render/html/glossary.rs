//! The glossary of the page, and the links into it.

use std::fmt::Write;

use super::escape::escape;

/// A term: the id of its entry, its name, what it means, and the words in sentences that lead to it.
struct Term {
    id: &'static str,
    name: &'static str,
    meaning: &'static str,
    words: &'static [&'static str],
}

const TERMS: [Term; 22] = [
    Term {
        id: "call",
        name: "Call, thread count N",
        meaning: "A call is one execution of the measured function. N threads call it over and over at the same time \
                  (concurrent mode), or one call at a time runs on a pool of N threads (parallel mode).",
        words: &[],
    },
    Term {
        id: "latency",
        name: "Latency, single-call latency",
        meaning: "Time for each call while N threads call. At N = 1 it is the single-call latency: what a call costs \
                  alone. This is performance.",
        words: &["single-call latency", "single call", "latency"],
    },
    Term {
        id: "efficiency",
        name: "Efficiency",
        meaning: "How much of N times the single-threaded throughput N threads reach. 100 % means that callers do not \
                  hinder each other at all. In parallel mode: speedup divided by N. This is scalability.",
        words: &["efficiency", "speedup"],
    },
    Term {
        id: "throughput",
        name: "Throughput",
        meaning: "Calls per second over all threads. It mixes performance and scalability, which is why it is the \
                  lesser figure here.",
        words: &["throughput"],
    },
    Term {
        id: "load",
        name: "Under load: offered, achieved, unloaded",
        meaning: "Calls arrive on a schedule, whether or not earlier ones are done, as requests do. Response time counts from \
                  when a call was meant to start, so time in the queue is part of it. Offered is the rate of arrivals, \
                  achieved the rate at which calls ended well. Unloaded is the latency of a single caller in a closed loop.",
        words: &["unloaded", "Under load", "under load"],
    },
    Term {
        id: "knee",
        name: "The knee",
        meaning: "The highest rate at which the p99 response stays within a stated factor of the unloaded latency (the \
                  dashed line), found between two measured rates. A faster call moves it by the same factor: that is \
                  performance (down). What moves it beyond that is scalability (right). Calls that were lost count as the \
                  slowest. Hollow dots: the program that makes the arrivals could not keep up, so the point does not count.",
        words: &["knee"],
    },
    Term {
        id: "surcharge",
        name: "Surcharge",
        meaning: "Latency at N threads less latency at 1: what company costs one call, in time.",
        words: &["surcharge"],
    },
    Term {
        id: "plane",
        name: "The plane",
        meaning: "Latency against throughput, one dot for each thread count; both axes show factors. The curve has a \
                  floor, the single-call latency, and a wall, the throughput it reaches. Performance pushes the floor \
                  down (blue arrow). A faster call alone also moves the wall, by the dashed line. What moves it beyond \
                  that is scalability (orange arrow): right is better.",
        words: &[],
    },
    Term {
        id: "change",
        name: "Performance and scalability factor",
        meaning: "A change of throughput is exactly the product of two factors: how much faster a single call became, \
                  and how much more efficient N threads became. A factor above 1 is better. A verdict needs the 95 % \
                  interval wholly beyond a small threshold; \u{201c}inconclusive\u{201d} means that the data cannot tell.",
        words: &["performance", "scalability"],
    },
    Term {
        id: "interval",
        name: "Interval (± and brackets)",
        meaning: "Where the true figure lies, with 95 % confidence unless stated otherwise. It stands on several launches \
                  of the program where there were several; \u{201c}within one process\u{201d} means that it leaves out what \
                  differs from launch to launch.",
        words: &["interval", "intervals"],
    },
    Term {
        id: "counted",
        name: "Hollow dots",
        meaning: "Points that take no part in laws and verdicts, because there were more threads than CPUs, because \
                  other processes disturbed nearly all of the time, or because a role alone waited in vain for the others. \
                  A light dot is only the reference.",
        words: &[],
    },
    Term {
        id: "ceiling",
        name: "Ceiling",
        meaning: "The efficiency that the machine itself allows at N threads, measured beside the benchmarks with code \
                  that shares nothing: one that only computes, one that streams through memory.",
        words: &["ceiling"],
    },
    Term {
        id: "scaling",
        name: "Scaling: the first sentence",
        meaning: "What throughput does as threads are added, by the points and their intervals alone: it scales linearly, grows, \
                  levels off, stops growing, or peaks. Negative scaling: several threads together do less than one alone.",
        words: &[
            "Negative scaling",
            "negative scaling",
            "Scales linearly",
            "levels off",
        ],
    },
    Term {
        id: "law",
        name: "Laws: linear, Amdahl, capacity, USL, power",
        meaning: "Scaling models, that is formulas for the curve. Linear: no loss. Amdahl: a share σ of each call cannot overlap \
                  with others, so throughput levels off. Capacity of C: C calls run at a time and the others wait, as behind a \
                  semaphore or a pool. USL (Universal Scalability Law): besides σ every pair of threads costs each other κ, so \
                  throughput peaks and falls. Power: throughput grows as N to a power. The simplest one is named that misses no \
                  point by more than 3 %, or that the data cannot tell from the best; \u{201c}within\u{201d} is by how much it \
                  misses the worst point. The thin line is the law, the shade its band.",
        words: &[
            "Amdahl's law",
            "Amdahl",
            "Capacity",
            "USL",
            "Universal Scalability Law",
            "Power law",
            "power law",
            "scaling model",
        ],
    },
    Term {
        id: "contention",
        name: "Contention σ, coherency κ",
        meaning: "σ is the share of a call for which threads queue: a lock, a serial part. κ is the cost of keeping each \
                  pair of threads agreed: cache lines that move between cores, retries.",
        words: &["contention", "coherency", "coherence"],
    },
    Term {
        id: "karp-flatt",
        name: "Karp–Flatt serial fraction",
        meaning: "The share of serial work that would explain the speedup at N. Flat over N: a serial part or a lock. \
                  Rising with N: overhead that grows with the threads.",
        words: &["Karp–Flatt", "Karp-Flatt", "serial fraction"],
    },
    Term {
        id: "time",
        name: "On CPU, waiting, blocked",
        meaning: "Where the time of a call goes. On CPU: running, which includes spinning and cache misses. Waiting: ready \
                  to run, but no CPU was free. Blocked: asleep, on a lock, a timer or I/O.",
        words: &["on CPU", "blocked", "run-queue wait"],
    },
    Term {
        id: "percentiles",
        name: "Percentiles",
        meaning: "p99 is the response time that 99 of 100 single calls stay within, while N threads call in a closed loop.",
        words: &["p99"],
    },
    Term {
        id: "overlap",
        name: "Overlap, disturbed, slow, fairness",
        meaning: "Overlap: the share of the measured time in which all N threads were inside calls. Disturbed: the share \
                  in which other processes took part of the CPUs, and which does not count. Slow: the share of the windows in which a CPU \
                  took more than 5 % longer than it can for arithmetic of ScaleBench's own, gauged just before and after each \
                  window: its clock was lower, or it was shared with somebody whom this system does not see, such as another \
                  virtual machine. They do not count. Fairness: Jain's index of \
                  the threads' shares of the calls; 1 is equal.",
        words: &["overlap", "fairness"],
    },
    Term {
        id: "helpers",
        name: "Helper threads",
        meaning: "Threads of the program that are no callers: a pool or a server that calls use, or threads that they \
                  start. Callers whose calls start threads are not pinned. Where callers and helpers do not fit the CPUs \
                  together, all time counts, and points at which they keep the CPUs busy are hollow.",
        words: &["Helper threads", "helper threads"],
    },
    Term {
        id: "expectation",
        name: "Expectation",
        meaning: "What a benchmark must reach by itself. Passed or failed: the whole interval lies on one side of the \
                  limit. Undecided: it holds the limit.",
        words: &["expectation", "expectations"],
    },
    Term {
        id: "launch",
        name: "Launch, round",
        meaning: "A launch is one process. In each round of a launch every thread count is measured once, in random order.",
        words: &["launches"],
    },
];

/// The entries as a list of definitions.
pub(super) fn entries() -> String {
    let mut out = String::new();
    for term in &TERMS {
        let _ = write!(
            out,
            "<div id=g-{}><dt>{}</dt><dd>{}</dd></div>",
            term.id,
            escape(term.name),
            escape(term.meaning)
        );
    }
    out
}

/// A sentence as HTML, in which the first use of up to three terms leads to the glossary.
pub(super) fn linked(sentence: &str) -> String {
    let mut links: Vec<(usize, usize, &str)> = Vec::new();
    for term in &TERMS {
        let found = term
            .words
            .iter()
            .filter_map(|w| find_word(sentence, w).map(|at| (at, at + w.len())))
            .min_by_key(|(from, to)| (*from, std::cmp::Reverse(*to)));
        if let Some((from, to)) = found {
            links.push((from, to, term.id));
        }
    }
    links.sort_unstable();
    let mut out = String::new();
    let mut done = 0;
    let mut used = 0;
    for (from, to, id) in links {
        if from < done || used == 3 {
            continue;
        }
        out.push_str(&escape(&sentence[done..from]));
        let _ = write!(out, "<a href=#g-{id}>{}</a>", escape(&sentence[from..to]));
        done = to;
        used += 1;
    }
    out.push_str(&escape(&sentence[done..]));
    out
}

/// Where a word stands as a whole word.
fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let inside =
            |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
        !inside(before) && !inside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_lead_to_the_glossary_once() {
        let html = linked("The surcharge rose: efficiency fell, the surcharge is <5 ns>.");
        assert_eq!(
            html,
            "The <a href=#g-surcharge>surcharge</a> rose: <a href=#g-efficiency>efficiency</a> fell, the surcharge is \
             &lt;5 ns&gt;."
        );
        assert_eq!(
            linked("my_surcharge::x and 10p99"),
            "my_surcharge::x and 10p99"
        );
    }

    #[test]
    fn the_longest_of_words_at_one_place_wins() {
        assert_eq!(
            linked("A single-call latency of 5 ns"),
            "A <a href=#g-latency>single-call latency</a> of 5 ns"
        );
    }

    #[test]
    fn every_term_has_an_entry_of_its_own() {
        let mut ids: Vec<&str> = TERMS.iter().map(|t| t.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), TERMS.len());
        let html = entries();
        assert!(ids.iter().all(|id| html.contains(&format!("id=g-{id}>"))));
    }
}
