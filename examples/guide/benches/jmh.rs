//! The threading samples of JMH, one module each: the same question, asked here.
//!
//! docs/guide.md lists all samples and says why some have no counterpart.

/// 03 States: one for all threads, or one for each.
mod sample_03_states {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

    use scalebench::scale_bench;

    #[scale_bench]
    fn shared(number: &AtomicU64) {
        number.fetch_add(1, Relaxed);
    }

    #[scale_bench]
    fn unshared(number: &mut AtomicU64) {
        number.fetch_add(1, Relaxed);
    }
}

/// 04 Default state: a parameter without `#[with]` is made by `Default`.
mod sample_04_default_state {
    use scalebench::scale_bench;

    #[scale_bench]
    fn measure(number: &mut f64) {
        *number += 1.0;
    }
}

/// 05 State fixtures: what makes a state is setup, what drops it is teardown; neither is timed.
mod sample_05_state_fixtures {
    use std::f64::consts::PI;

    use scalebench::scale_bench;

    struct Checked(f64);

    impl Drop for Checked {
        fn drop(&mut self) {
            assert!(self.0 > PI, "nothing changed");
        }
    }

    #[scale_bench]
    fn right(#[with(Checked(PI))] number: &mut Checked) {
        number.0 += 1.0;
    }

    /// Fails, as in the sample: run it with `--ignored`.
    #[scale_bench(ignore)]
    fn wrong(#[with(Checked(PI))] number: &mut Checked) {
        let mut number = number.0;
        number += 1.0;
        let _ = number;
    }
}

/// 17 Synchronised iterations: nothing to switch on. Only time in which all threads call counts, however late one starts.
mod sample_17_sync_iterations {
    use scalebench::scale_bench;

    #[scale_bench(threads = [1, 2, 32])]
    fn measure(#[with(1.0)] start: &mut f64) -> f64 {
        (0..1000).fold(*start, |number, _| number.sin())
    }
}

/// 22 False sharing: see `shared_state.rs`.
mod sample_22_false_sharing {}

/// 29 States that refer to each other: an expression may use the parameters before it.
mod sample_29_states_dag {
    use std::sync::{Mutex, PoisonError};

    use scalebench::scale_bench;

    struct Shared(Mutex<Vec<u64>>);

    impl Shared {
        fn take_mine(&self) -> Option<u64> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
        }
    }

    #[scale_bench]
    fn measure(
        #[with(Shared(Mutex::new(vec![0; 64])))] shared: &Shared,
        #[with(shared.take_mine().ok_or("more than 64 threads")?)] mine: &mut u64,
    ) -> u64 {
        *mine += 1;
        *mine
    }
}

/// 31 Infrastructure parameters: `thread.index()` and `thread.count()`, here for keys that no other thread has.
mod sample_31_infra_params {
    use dashmap::DashMap;
    use scalebench::scale_bench;

    const EACH: usize = 1000;

    #[scale_bench(throughput = items(2 * EACH))]
    fn remove_and_put(
        #[with(DashMap::with_capacity(64 * EACH))] map: &DashMap<String, usize>,
        #[with((0..EACH).map(|key| format!("ID{}", EACH * thread.index() + key)).collect())]
        names: &mut Vec<String>,
    ) {
        for name in names.iter() {
            map.remove(name);
            map.insert(name.clone(), 1);
        }
    }
}

/// 38 Setup for each call: an owned parameter is made before its call, untimed.
mod sample_38_per_invoke_setup {
    use scalebench::scale_bench;

    fn shuffled(count: usize) -> Vec<u8> {
        (0..count).map(|place| (place * 167 % 251) as u8).collect()
    }

    fn bubble_sort(numbers: &mut [u8]) {
        for end in (1..numbers.len()).rev() {
            let mut sorted = true;
            for place in 0..end {
                if numbers[place] > numbers[place + 1] {
                    numbers.swap(place, place + 1);
                    sorted = false;
                }
            }
            if sorted {
                return;
            }
        }
    }

    /// Sorts what the first call has sorted.
    #[scale_bench]
    fn wrong(#[values(1, 16, 256)] count: usize, #[with(shuffled(count))] numbers: &mut Vec<u8>) {
        bubble_sort(numbers);
    }

    #[scale_bench]
    fn right(
        #[values(1, 16, 256)] count: usize,
        #[with(shuffled(count))] mut numbers: Vec<u8>,
    ) -> Vec<u8> {
        bubble_sort(&mut numbers);
        numbers
    }
}

scalebench::main!();
