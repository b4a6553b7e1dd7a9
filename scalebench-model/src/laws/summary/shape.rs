//! What a curve does, by its points alone and without any model: it scales linearly, levels off, peaks, falls.

use crate::report::Estimate;

/// Throughput has stopped growing where it gains less than this share of what ideal scaling would, 3.5 % a doubling …
const STALLED: f64 = 0.05;
/// … but a smaller gain is no growth, however near the two thread counts are, and a larger one is, however far apart.
const LEAST_GAIN: (f64, f64) = (0.01, 0.05);
/// A smaller loss is no fall, however exact the points are.
const LEAST_LOSS: f64 = 0.05;
/// A smaller loss on the way up is not worth a word.
const LEAST_DIP: f64 = 0.1;
/// An interval that reaches further than this from no change cannot show that nothing changed.
const WIDEST: f64 = 0.1;
/// By so much efficiency may lie below 1 in linear scaling …
const NEARLY: f64 = 0.03;
/// … and the lower end of its interval by so much.
const NEARLY_LOWEST: f64 = 0.1;
/// From this efficiency on scaling is better than linear: single values are seldom more exact.
const BETTER: f64 = 1.05;
/// Growth levels off where its last step gains less than this share of what ideal scaling would.
const LEVELS_OFF: f64 = 0.3;

/// What throughput does as threads are added. Points are named by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// There are not two points to compare.
    Alone,
    /// The intervals are too wide to tell.
    Unknown,
    /// Twice the threads, twice the throughput, to the last point.
    Linear,
    /// More than that.
    Superlinear,
    /// It grows to the last point, by less than that.
    Growing {
        /// Whether the last step added little.
        levels_off: bool,
    },
    /// It stops growing at a point and stays there; at 0 it never grows.
    Plateau {
        /// The first point of those that are all the same.
        from: usize,
        /// Whether it scales linearly up to there.
        linear: bool,
    },
    /// It is highest at some points (the intervals do not tell which of them) and less at the last.
    Peak {
        /// The first of the highest.
        first: usize,
        /// The last of the highest.
        last: usize,
    },
    /// It is never above that of the first point, and less at the last.
    Falling,
    /// It falls and rises again.
    Uneven {
        /// The lowest of the points that lie below an earlier one.
        dip: usize,
    },
}

/// Says what a curve does.
///
/// `ideal` are what throughput would be proportional to with ideal scaling, the thread counts as a rule: positive,
/// ascending. `gain(i, j)` is the throughput of point `j` over that of point `i`, above 0, for `i < j`. Of an estimate
/// without an interval (level 0) only what is beyond a few percent is taken for a difference.
///
/// ```
/// use scalebench_model::{laws::{Shape, shape}, report::Estimate};
/// let throughput: [f64; 4] = [500.0, 999.0, 1001.0, 999.0];
/// let gain = |i: usize, j: usize| {
///     let estimate = throughput[j] / throughput[i];
///     Estimate { estimate, lower: estimate, upper: estimate, level: 0.0 }
/// };
/// assert_eq!(shape(&[1.0, 2.0, 4.0, 8.0], &gain), Shape::Plateau { from: 1, linear: true });
/// ```
#[must_use]
pub fn shape(ideal: &[f64], gain: &dyn Fn(usize, usize) -> Estimate) -> Shape {
    if ideal.len() < 2 {
        return Shape::Alone;
    }
    let course = Course { ideal, gain };
    let last = ideal.len() - 1;
    let best = course.best();
    if best < last && course.step(best, last) == Step::Less {
        return course.fall(best);
    }
    if let Some(dip) = course.dip() {
        return Shape::Uneven { dip };
    }
    if let Some(from) = (0..last).find(|&from| course.level_from(from)) {
        return Shape::Plateau {
            from,
            linear: from > 0 && course.linear_to(from),
        };
    }
    match course.step(0, last) {
        Step::More if course.efficiency(last).lower >= BETTER => Shape::Superlinear,
        Step::More if course.linear_to(last) => Shape::Linear,
        Step::More => Shape::Growing {
            levels_off: course.levels_off(),
        },
        Step::Same | Step::Less | Step::Unknown => Shape::Unknown,
    }
}

/// How one point compares with an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    More,
    Same,
    Less,
    Unknown,
}

struct Course<'a> {
    ideal: &'a [f64],
    gain: &'a dyn Fn(usize, usize) -> Estimate,
}

impl Course<'_> {
    fn gain(&self, from: usize, to: usize) -> Estimate {
        (self.gain)(from, to)
    }

    /// What ideal scaling would gain, as a logarithm.
    fn ideal_gain(&self, from: usize, to: usize) -> f64 {
        (self.ideal[to] / self.ideal[from]).ln()
    }

    fn step(&self, from: usize, to: usize) -> Step {
        let gain = self.gain(from, to);
        let [lower, middle, upper] = [gain.lower, gain.estimate, gain.upper].map(f64::ln);
        let least = (STALLED * self.ideal_gain(from, to)).clamp(LEAST_GAIN.0, LEAST_GAIN.1);
        if middle > least && lower > 0.0 {
            Step::More
        } else if middle < -LEAST_LOSS && upper < 0.0 {
            Step::Less
        } else if lower > -WIDEST && upper < WIDEST {
            Step::Same
        } else {
            Step::Unknown
        }
    }

    /// The point with the highest throughput, the first of equals.
    fn best(&self) -> usize {
        let mut best = 0;
        for point in 1..self.ideal.len() {
            if self.gain(best, point).estimate > 1.0 {
                best = point;
            }
        }
        best
    }

    /// The last point lies below the best one.
    fn fall(&self, best: usize) -> Shape {
        let end = self.ideal.len() - 1;
        let mut first = best;
        while first > 0 && self.step(first - 1, best) != Step::More {
            first -= 1;
        }
        let mut last = best;
        while self.step(best, last + 1) != Step::Less {
            last += 1;
        }
        match first {
            0 if self.step(0, end) == Step::Less => Shape::Falling,
            // What the intervals leave open is no reason to call the first point a peak.
            0 => Shape::Peak { first: best, last },
            first => Shape::Peak { first, last },
        }
    }

    /// The lowest of the points that lie well below an earlier one.
    fn dip(&self) -> Option<usize> {
        let much_less = |from: usize, to: usize| {
            self.step(from, to) == Step::Less && self.gain(from, to).estimate.ln() < -LEAST_DIP
        };
        let fallen = |&to: &usize| (0..to).any(|from| much_less(from, to));
        (1..self.ideal.len()).filter(fallen).min_by(|&a, &b| {
            let height = |point| self.gain(0, point).estimate;
            height(a).total_cmp(&height(b))
        })
    }

    fn level_from(&self, from: usize) -> bool {
        (from + 1..self.ideal.len()).all(|to| self.step(from, to) == Step::Same)
    }

    /// Efficiency against the first point.
    fn efficiency(&self, point: usize) -> Estimate {
        let ideal = self.ideal_gain(0, point).exp();
        let gain = self.gain(0, point);
        Estimate {
            estimate: gain.estimate / ideal,
            lower: gain.lower / ideal,
            upper: gain.upper / ideal,
            level: gain.level,
        }
    }

    fn linear_to(&self, end: usize) -> bool {
        (1..=end).all(|point| {
            let efficiency = self.efficiency(point);
            efficiency.upper >= 1.0 - NEARLY && efficiency.lower >= 1.0 - NEARLY_LOWEST
        })
    }

    fn levels_off(&self) -> bool {
        let last = self.ideal.len() - 1;
        let gained = self.gain(last - 1, last).estimate.ln();
        last > 1 && gained < LEVELS_OFF * self.ideal_gain(last - 1, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of a curve of thread counts and throughputs whose gains are known to so many parts of themselves.
    fn of(points: &[(f64, f64)], half_width: f64) -> Shape {
        let ideal: Vec<f64> = points.iter().map(|(n, _)| *n).collect();
        let gain = |i: usize, j: usize| {
            let estimate: f64 = points[j].1 / points[i].1;
            Estimate {
                estimate,
                lower: estimate * (1.0 - half_width),
                upper: estimate * (1.0 + half_width),
                level: if half_width > 0.0 { 0.95 } else { 0.0 },
            }
        };
        shape(&ideal, &gain)
    }

    #[test]
    fn curves_are_named_for_what_they_do() {
        let linear = [(1.0, 100.0), (2.0, 199.0), (4.0, 401.0), (8.0, 790.0)];
        assert_eq!(of(&linear, 0.0), Shape::Linear);
        assert_eq!(of(&linear, 0.02), Shape::Linear);
        let better = [(1.0, 100.0), (2.0, 220.0), (4.0, 470.0)];
        assert_eq!(of(&better, 0.02), Shape::Superlinear);
        let growing = [(1.0, 100.0), (2.0, 170.0), (4.0, 250.0)];
        assert_eq!(of(&growing, 0.02), Shape::Growing { levels_off: false });
        let slowly = [(4.0, 52.0), (8.0, 61.0), (12.0, 64.0)];
        assert_eq!(of(&slowly, 0.0), Shape::Growing { levels_off: true });
        let flat = [(1.0, 50.0), (2.0, 99.9), (4.0, 99.9), (8.0, 99.9)];
        let linear = true;
        assert_eq!(of(&flat, 0.01), Shape::Plateau { from: 1, linear });
        let linear = false;
        let flat = [(1.0, 50.0), (2.0, 80.0), (4.0, 99.9), (8.0, 99.9)];
        assert_eq!(of(&flat, 0.01), Shape::Plateau { from: 2, linear });
        let peak = [(1.0, 50.0), (3.0, 120.0), (8.0, 85.0)];
        assert_eq!(of(&peak, 0.01), Shape::Peak { first: 1, last: 1 });
        let falling = [(1.0, 50.0), (2.0, 50.5), (8.0, 16.0)];
        assert_eq!(of(&falling, 0.01), Shape::Falling);
        let uneven = [(1.0, 50.0), (2.0, 30.0), (8.0, 90.0)];
        assert_eq!(of(&uneven, 0.01), Shape::Uneven { dip: 1 });
    }

    #[test]
    fn one_lock_never_grows() {
        let lock = [(1.0, 50.0), (2.0, 49.6), (8.0, 50.2)];
        let from_the_start = Shape::Plateau {
            from: 0,
            linear: false,
        };
        assert_eq!(of(&lock, 0.02), from_the_start);
        assert_eq!(of(&lock, 0.0), from_the_start);
        assert_eq!(of(&lock[..2], 0.02), from_the_start);
        let noisy = [(1.0, 500.0), (2.0, 500.0), (4.0, 485.0), (8.0, 494.0)];
        assert_eq!(of(&noisy, 0.0), from_the_start);
        assert_eq!(of(&noisy, 0.01), from_the_start);
    }

    #[test]
    fn a_small_step_between_near_thread_counts_is_growth() {
        let points = [(28.0, 560.0), (30.0, 580.0), (32.0, 600.0)];
        assert_eq!(of(&points, 0.0), Shape::Growing { levels_off: false });
    }

    #[test]
    fn wide_intervals_tell_nothing() {
        assert_eq!(of(&[(1.0, 50.0), (2.0, 60.0)], 0.3), Shape::Unknown);
        assert_eq!(of(&[(1.0, 50.0), (2.0, 51.0)], 0.3), Shape::Unknown);
        assert_eq!(of(&[(1.0, 50.0)], 0.3), Shape::Alone);
        assert_eq!(of(&[], 0.0), Shape::Alone);
        // The first point is too uncertain to be told from the peak; it is none itself.
        let peak = [(1.0, 100.0), (2.0, 120.0), (8.0, 85.0)];
        assert_eq!(of(&peak, 0.2), Shape::Peak { first: 1, last: 1 });
    }

    #[test]
    fn points_that_cannot_be_told_apart_share_the_peak() {
        let peak = [(1.0, 50.0), (4.0, 100.0), (8.0, 101.0), (16.0, 70.0)];
        assert_eq!(of(&peak, 0.02), Shape::Peak { first: 1, last: 2 });
    }
}
