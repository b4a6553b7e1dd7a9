//! Hardware counters of the calling thread, where the feature `counters` is on and the kernel opens them.

/// What the hardware counted for one thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counted {
    pub(crate) instructions: u64,
    pub(crate) cycles: u64,
}

#[cfg(all(feature = "counters", target_os = "linux"))]
mod open {
    use perf_event::events::Hardware;
    use perf_event::{Builder, Counter, Group};

    use super::Counted;

    /// Open counters of the thread that made them.
    pub(crate) struct Counters {
        group: Group,
        instructions: Counter,
        cycles: Counter,
    }

    impl Counters {
        /// `None` on machines without such counters, as most virtual ones, and where the user may not open them.
        pub(crate) fn open() -> Option<Self> {
            let mut group = Group::new().ok()?;
            let instructions = group.add(&Builder::new(Hardware::INSTRUCTIONS)).ok()?;
            let cycles = group.add(&Builder::new(Hardware::CPU_CYCLES)).ok()?;
            group.enable().ok()?;
            Some(Self {
                group,
                instructions,
                cycles,
            })
        }

        /// What was counted so far.
        pub(crate) fn read(&mut self) -> Option<Counted> {
            let counts = self.group.read().ok()?;
            Some(Counted {
                instructions: counts.get(&self.instructions)?.value(),
                cycles: counts.get(&self.cycles)?.value(),
            })
        }
    }
}

#[cfg(not(all(feature = "counters", target_os = "linux")))]
mod open {
    use super::Counted;

    /// No counters without the feature, or elsewhere than on Linux.
    #[derive(Debug)]
    pub(crate) struct Counters;

    impl Counters {
        pub(crate) fn open() -> Option<Self> {
            None
        }

        pub(crate) fn read(&mut self) -> Option<Counted> {
            None
        }
    }
}

pub(crate) use open::Counters;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_grow_where_they_can_be_opened() {
        let Some(mut counters) = Counters::open() else {
            // Most virtual machines have none; then nothing is claimed, and there is nothing to test.
            return;
        };
        let before = counters.read().expect("open counters can be read");
        let sum = (0..100_000_u64).fold(0_u64, |sum, each| std::hint::black_box(sum ^ each));
        std::hint::black_box(sum);
        let after = counters.read().expect("open counters can be read");
        assert!(after.instructions >= before.instructions + 100_000);
    }
}
