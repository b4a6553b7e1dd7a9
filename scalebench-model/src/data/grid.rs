//! How the callers of a grid divide into processes and threads.

use std::fmt;

use serde::Serialize;

use super::Axis;

/// One number of callers of a grid: so many processes, with so many calling threads in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grid {
    /// Processes that call, from 1.
    pub processes: u32,
    /// Calling threads in each of them, from 1.
    pub threads_per_process: u32,
}

impl Grid {
    /// How `callers` divide where processes have `threads_per_process` threads each. A single caller is one thread of
    /// one process: the latency to which efficiency refers is that of a call alone, also where threads come in pairs.
    ///
    /// `None` for a number that such processes do not add up to.
    ///
    /// ```
    /// use scalebench_model::data::Grid;
    /// let of = |callers| Grid::of(callers, 2).map(|grid| (grid.processes, grid.threads_per_process));
    /// assert_eq!([of(1), of(2), of(8)], [Some((1, 1)), Some((1, 2)), Some((4, 2))]);
    /// assert_eq!([of(0), of(3)], [None, None]);
    /// ```
    #[must_use]
    pub fn of(callers: u32, threads_per_process: u32) -> Option<Self> {
        if callers == 1 && threads_per_process > 0 {
            return Some(Self {
                processes: 1,
                threads_per_process: 1,
            });
        }
        let whole = threads_per_process > 0 && callers.is_multiple_of(threads_per_process);
        (callers > 0 && whole).then(|| Self {
            processes: callers / threads_per_process,
            threads_per_process,
        })
    }

    /// How many call at the same time; `u32::MAX` where that is more.
    #[must_use]
    pub fn callers(self) -> u32 {
        self.processes.saturating_mul(self.threads_per_process)
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let processes = Axis::Processes.count(self.processes);
        let threads = Axis::Threads.count(self.threads_per_process);
        write!(f, "{processes} x {threads}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_said_in_words() {
        let said = |callers, each| Grid::of(callers, each).map(|grid| grid.to_string());
        assert_eq!(said(1, 4).as_deref(), Some("1 process x 1 thread"));
        assert_eq!(said(8, 2).as_deref(), Some("4 processes x 2 threads"));
        assert_eq!(said(2, 1).as_deref(), Some("2 processes x 1 thread"));
    }

    #[test]
    fn numbers_that_do_not_divide_are_no_grid() {
        assert_eq!(Grid::of(5, 2), None);
        assert_eq!(Grid::of(1, 0), None);
        let most = Grid {
            processes: u32::MAX,
            threads_per_process: 2,
        };
        assert_eq!(most.callers(), u32::MAX);
    }
}
