//! From what became of the arrivals to the figures of a window.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use scalebench_model::data::{LoadSample, ResponseTimes};
use scalebench_model::sort;

use super::arrivals::{Answer, AnswerLog, Arrivals};
use crate::protocol::LoadOrder;

/// The generator's lateness may make up so much of the mean response. Beyond that the figures would be its own.
const LATE_SHARE: f64 = 0.1;

/// The lateness of the tail may be so much of the response's tail.
const LATE_TAIL: f64 = 0.5;

/// Makes the sample of a window from what the callers wrote down. `behind` says that the generator left arrivals
/// unanswered that could have been.
pub(crate) fn sample(
    order: &LoadOrder,
    arrivals: &Arrivals,
    logs: Vec<AnswerLog>,
    behind: bool,
) -> LoadSample {
    let mut first_error: Option<(u64, String)> = None;
    let mut answers = Vec::with_capacity(arrivals.dues.len());
    for log in logs {
        answers.extend(log.answers);
        first_error = match (first_error, log.first_error) {
            (Some(first), Some(other)) if other.0 < first.0 => Some(other),
            (None, other) => other,
            (first, _) => first,
        };
    }
    answers.retain(|answer| answer.due >= arrivals.open);
    let all = arrivals.dues.len() - arrivals.dues.partition_point(|&due| due < arrivals.open);
    let ended = |answer: &&Answer| answer.end <= arrivals.deadline;
    let in_time = |answer: &Answer| answer.end - answer.due <= arrivals.timeout;
    let errors = answers.iter().filter(ended).filter(|a| a.failed).count();
    let mut responses: Vec<u64> = answers
        .iter()
        .filter(ended)
        .filter(|answer| !answer.failed)
        .map(|answer| answer.end - answer.due)
        .collect();
    sort::times(&mut responses);
    let completed = responses.partition_point(|&response| response <= arrivals.timeout);
    let timed_out = responses.len() - completed;
    let last_end = answers.iter().filter(ended).filter(|a| in_time(a));
    let last_end = last_end.map(|answer| answer.end).max().unwrap_or(0);
    let close = arrivals.open.saturating_add(order.window_ns);
    let mut late: Vec<u64> = answers.iter().map(|answer| answer.late).collect();
    sort::times(&mut late);
    let late_p99_ns = percentile(&late, 0.99);
    LoadSample {
        round: order.round,
        offered_per_s: order.rate_per_s,
        window_ns: last_end.max(close).saturating_sub(arrivals.open) as f64,
        arrivals: all as u64,
        completed: completed as u64,
        errors: errors as u64,
        timed_out: timed_out as u64,
        unfinished: all.saturating_sub(errors + responses.len()) as u64,
        late_p99_ns,
        kept_up: !behind && kept_up(&answers, late_p99_ns, percentile(&responses, 0.99)),
        response: response_times(&responses),
        first_error: first_error.map(|(_, error)| error),
    }
}

/// Whether the figures are those of the code and not of the generator.
fn kept_up(answers: &[Answer], late_p99_ns: f64, response_p99_ns: f64) -> bool {
    let sum = |of: &dyn Fn(&Answer) -> u64| answers.iter().map(|a| of(a) as f64).sum::<f64>();
    let late = sum(&|answer| answer.late);
    let response = sum(&|answer| answer.end - answer.due);
    late <= LATE_SHARE * response && late_p99_ns <= LATE_TAIL * response_p99_ns
}

/// How late each call of a pool of threads began: later than with callers that begin at the intended start, or the moment
/// they are free, and whose calls take as long as these did. So an arrival that waits because the generator was late with
/// the one before counts as late, too.
///
/// Returns whether arrivals were left that such callers would have answered well before the deadline.
pub(crate) fn set_lateness(arrivals: &Arrivals, logs: &mut [AnswerLog]) -> bool {
    let answered: usize = logs.iter().map(|log| log.answers.len()).sum();
    let all = logs.iter_mut().flat_map(|log| &mut log.answers);
    let mut answers: Vec<&mut Answer> = all.filter(|answer| answer.end > answer.begin).collect();
    sort::by(&mut answers, &|a, b| a.due.cmp(&b.due));
    // When each caller would be free; the first comes first.
    let mut free: BinaryHeap<Reverse<u64>> = (0..arrivals.callers).map(|_| Reverse(0)).collect();
    for answer in answers {
        let Some(mut first) = free.peek_mut() else {
            return false;
        };
        let begin = answer.due.max(first.0);
        answer.late = answer.begin.saturating_sub(begin);
        first.0 = begin + (answer.end - answer.begin);
    }
    // They are taken in order, so the rest are those at the end.
    let (Some(&due), Some(first)) = (arrivals.dues.get(answered), free.peek()) else {
        return false;
    };
    let late = arrivals.deadline.saturating_sub(due.max(first.0));
    late as f64 > LATE_SHARE * arrivals.deadline.saturating_sub(due) as f64
}

/// The exact percentile `share` of sorted times, ns: the smallest that at least so many are not above; 0 of none.
fn percentile(sorted: &[u64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    let place = rank.clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).map_or(0.0, |&time| time as f64)
}

fn response_times(sorted: &[u64]) -> Option<ResponseTimes> {
    let max = sorted.last()?;
    let sum: f64 = sorted.iter().map(|&time| time as f64).sum();
    Some(ResponseTimes {
        count: sorted.len() as u64,
        mean_ns: sum / sorted.len() as f64,
        p50_ns: percentile(sorted, 0.5),
        p90_ns: percentile(sorted, 0.9),
        p99_ns: percentile(sorted, 0.99),
        p999_ns: percentile(sorted, 0.999),
        max_ns: *max as f64,
    })
}

#[cfg(test)]
mod tests {
    use scalebench_model::data::Schedule;

    use super::*;
    use crate::sys::Clock;

    const MS: u64 = 1_000_000;

    /// A window of 10 arrivals, one every 10 ms, after a ramp of 2, and a wait of 20 ms.
    fn order() -> LoadOrder {
        LoadOrder {
            round: 3,
            rate_per_s: 100.0,
            schedule: Schedule::Constant,
            seed: 1,
            callers: 2,
            ramp_ns: 20 * MS,
            window_ns: 100 * MS,
            grace_ns: 20 * MS,
            timeout_ns: Some(15 * MS),
        }
    }

    fn plan_for(callers: usize) -> Arrivals {
        let mut arrivals = Arrivals::plan(&order(), Clock::new());
        arrivals.callers = callers;
        arrivals
    }

    /// What became of arrivals whose calls take `times` ms, one caller answering each at once, `late` ns too late.
    fn logs(arrivals: &Arrivals, times: &[u64], late: u64) -> Vec<AnswerLog> {
        let mut log = AnswerLog::default();
        for (&due, &time) in arrivals.dues.iter().zip(times) {
            let begin = due + late;
            let end = begin + time * MS;
            let answer = Answer {
                due,
                begin,
                end,
                late,
                failed: false,
            };
            log.note(answer, None);
        }
        vec![log]
    }

    #[test]
    fn every_arrival_of_the_window_ends_in_one_way() {
        let arrivals = Arrivals::plan(&order(), Clock::new());
        // The ramp; then one each of: an error, timed out, beyond the deadline; the last is not answered at all.
        let mut logs = logs(&arrivals, &[9, 9, 1, 2, 3, 20, 5, 6, 7, 8, 60], 0);
        logs[0].answers[2].failed = true;
        logs[0].first_error = Some((7, "later".to_owned()));
        logs.push(AnswerLog {
            first_error: Some((5, "first".to_owned())),
            ..AnswerLog::default()
        });
        let sample = sample(&order(), &arrivals, logs, false);
        assert_eq!((sample.round, sample.arrivals), (3, 10));
        assert_eq!((sample.errors, sample.timed_out), (1, 1));
        assert_eq!((sample.completed, sample.unfinished), (6, 2));
        assert_eq!(sample.first_error.as_deref(), Some("first"));
        let response = sample.response.expect("responses");
        assert_eq!(response.count, 7);
        assert_eq!((response.p50_ns, response.max_ns), (6e6, 2e7));
        assert!((response.mean_ns - 51e6 / 7.0).abs() < 1e-6);
        assert!(
            (sample.window_ns - 1e8).abs() < 1e-6,
            "{}",
            sample.window_ns
        );
    }

    #[test]
    fn what_ends_after_the_window_makes_the_time_longer() {
        let arrivals = Arrivals::plan(&order(), Clock::new());
        let logs = logs(&arrivals, &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 11], 0);
        // The last arrival is due 5 ms before the close.
        assert!((sample(&order(), &arrivals, logs, false).window_ns - 106e6).abs() < 1e-6);
    }

    #[test]
    fn a_late_generator_is_refused_and_its_figures_are_kept() {
        let arrivals = Arrivals::plan(&order(), Clock::new());
        let of = |late| sample(&order(), &arrivals, logs(&arrivals, &[5; 12], late), false);
        let (good, bad) = (of(100_000), of(2 * MS));
        assert!(good.kept_up && !bad.kept_up);
        assert_eq!((good.late_p99_ns, bad.late_p99_ns), (1e5, 2e6));
        assert_eq!(bad.completed, 10);
    }

    /// One caller is 4 ms late with the first of four arrivals, one each millisecond, and answers all in 1 ms each.
    #[test]
    fn who_waits_because_the_generator_was_late_is_late_too() {
        let answer = |due, begin| Answer {
            due: due * MS,
            begin: begin * MS,
            end: (begin + 1) * MS,
            late: 0,
            failed: false,
        };
        let lateness = |callers, begins: &[(u64, u64)]| -> Vec<u64> {
            let arrivals = plan_for(callers);
            let answers = begins.iter().map(|&(due, begin)| answer(due, begin));
            let mut logs = [AnswerLog {
                answers: answers.collect(),
                first_error: None,
            }];
            set_lateness(&arrivals, &mut logs);
            logs[0]
                .answers
                .iter()
                .map(|answer| answer.late / MS)
                .collect()
        };
        assert_eq!(lateness(1, &[(0, 4), (1, 5), (2, 6), (3, 7)]), [4, 4, 4, 4]);
        // The same queue behind a first call that took so long is the code's.
        assert_eq!(lateness(1, &[(0, 0), (0, 1), (0, 2), (1, 3)]), [0, 0, 0, 0]);
        assert_eq!(lateness(2, &[(0, 0), (0, 1), (0, 2), (1, 3)]), [0, 1, 1, 2]);
    }

    #[test]
    fn arrivals_that_prompt_callers_would_have_answered_are_the_generators_fault() {
        let arrivals = plan_for(1);
        let behind = |times: &[u64]| {
            let mut logs = logs(&arrivals, times, 0);
            set_lateness(&arrivals, &mut logs)
        };
        // Of 12 arrivals in 120 ms five were answered, although that took only 5 ms; or 110 of the 140.
        assert!(behind(&[1; 5]));
        assert!(!behind(&[1, 1, 1, 1, 136]));
        assert!(!behind(&[1; 12]));
        assert!(behind(&[]));
    }

    #[test]
    fn without_answers_there_are_no_figures() {
        let arrivals = Arrivals::plan(&order(), Clock::new());
        let sample = sample(&order(), &arrivals, Vec::new(), false);
        assert_eq!((sample.arrivals, sample.unfinished), (10, 10));
        assert!(sample.kept_up && sample.response.is_none());
        assert_eq!(sample.late_p99_ns, 0.0);
    }
}
