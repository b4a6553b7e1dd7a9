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

/// 06 Fixture levels: once a launch, for every window, for every call.
mod sample_06_fixture_level {
    use std::f64::consts::PI;

    use scalebench::scale_bench;

    #[scale_bench]
    fn trial(#[with(PI)] number: &mut f64) {
        *number += 1.0;
    }

    #[scale_bench]
    fn iteration(#[fresh(PI)] number: &mut f64) {
        *number += 1.0;
    }

    #[scale_bench]
    fn invocation(#[with(PI)] number: f64) -> f64 {
        number + 1.0
    }
}

/// 07 Fixtures for each call: a task handed to another thread, at once or after a pause that is not timed.
mod sample_07_fixture_level_invocation {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread::{sleep, spawn};
    use std::time::{Duration, Instant};

    use scalebench::{Bencher, Measured, scale_bench};

    /// A thread of the caller's own that does its tasks; it ends with the caller.
    struct Worker {
        tasks: Sender<f64>,
        results: Receiver<f64>,
    }

    impl Worker {
        fn start() -> Self {
            let (tasks, taken) = channel::<f64>();
            let (done, results) = channel();
            spawn(move || {
                for task in taken {
                    if done.send(task.ln()).is_err() {
                        return;
                    }
                }
            });
            Self { tasks, results }
        }

        fn submit(&self, task: f64) -> Option<f64> {
            self.tasks.send(task).ok()?;
            self.results.recv().ok()
        }
    }

    #[scale_bench]
    fn hot(#[with(Worker::start())] worker: &mut Worker) -> Option<f64> {
        worker.submit(7.0)
    }

    #[scale_bench]
    fn cold(b: Bencher) -> Measured {
        b.own(|_| Worker::start()).iter_custom(|worker, calls| {
            (0..calls)
                .map(|_| {
                    sleep(Duration::from_micros(500));
                    let start = Instant::now();
                    worker.submit(7.0);
                    start.elapsed()
                })
                .sum()
        })
    }
}

/// 15 Asymmetric: threads of one group have roles, and each role has figures of its own.
mod sample_15_asymmetric {
    use scalebench::scale_bench_group;

    #[scale_bench_group(threads = [4])]
    mod counter {
        use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

        #[shared]
        fn number() -> AtomicU64 {
            AtomicU64::new(0)
        }

        #[role(share = 3)]
        fn increment(number: &AtomicU64) -> u64 {
            number.fetch_add(1, Relaxed)
        }

        #[role(share = 1)]
        fn get(number: &AtomicU64) -> u64 {
            number.load(Relaxed)
        }
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

/// 18 Control: a call that waits for the other role gives up after a while, since at the end of a window the other may
/// have made its last call.
mod sample_18_control {
    use scalebench::scale_bench_group;

    #[scale_bench_group(threads = [2])]
    mod ping_pong {
        use std::hint::spin_loop;
        use std::sync::atomic::{AtomicBool, Ordering::AcqRel, Ordering::Relaxed};

        /// More tries than the other one needs, unless it is gone.
        const TRIES: usize = 1000;

        #[shared]
        fn flag() -> AtomicBool {
            AtomicBool::new(false)
        }

        fn flip(flag: &AtomicBool, from: bool) -> bool {
            (0..TRIES).any(|_| {
                spin_loop();
                flag.compare_exchange(from, !from, AcqRel, Relaxed).is_ok()
            })
        }

        #[role]
        fn ping(flag: &AtomicBool) -> bool {
            flip(flag, false)
        }

        #[role]
        fn pong(flag: &AtomicBool) -> bool {
            flip(flag, true)
        }
    }
}

/// 22 False sharing: a reader and a writer of two numbers, once in one cache line and once in two.
mod sample_22_false_sharing {
    use scalebench::scale_bench_group;

    #[scale_bench_group(threads = [2])]
    mod baseline {
        use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

        #[shared]
        fn numbers() -> [AtomicU64; 2] {
            Default::default()
        }

        #[role]
        fn read(numbers: &[AtomicU64; 2]) -> u64 {
            numbers[0].load(Relaxed)
        }

        #[role]
        fn write(numbers: &[AtomicU64; 2]) {
            numbers[1].fetch_add(1, Relaxed);
        }
    }

    #[scale_bench_group(threads = [2])]
    mod padded {
        use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

        use crossbeam::utils::CachePadded;

        #[shared]
        fn numbers() -> [CachePadded<AtomicU64>; 2] {
            Default::default()
        }

        #[role]
        fn read(numbers: &[CachePadded<AtomicU64>; 2]) -> u64 {
            numbers[0].load(Relaxed)
        }

        #[role]
        fn write(numbers: &[CachePadded<AtomicU64>; 2]) {
            numbers[1].fetch_add(1, Relaxed);
        }
    }
}

/// 26 Batch size: a list without a steady state begins every window at the same length.
mod sample_26_batch_size {
    use std::collections::LinkedList;

    use scalebench::scale_bench;

    #[scale_bench(threads = [1])]
    fn measure(#[fresh(LinkedList::from([0; 5000]))] list: &mut LinkedList<u64>) {
        let mut second_half = list.split_off(list.len() / 2);
        list.push_back(1);
        list.append(&mut second_half);
    }
}

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

/// 30 Interrupts: nobody interrupts a call; one that could wait for ever takes a time limit.
mod sample_30_interrupts {
    use scalebench::scale_bench_group;

    #[scale_bench_group(threads = [2])]
    mod queue {
        use std::time::Duration;

        use crossbeam::channel::{Receiver, Sender, bounded};

        const LIMIT: Duration = Duration::from_millis(5);

        #[shared]
        fn ends() -> (Sender<u64>, Receiver<u64>) {
            bounded(1)
        }

        #[role]
        fn put(ends: &(Sender<u64>, Receiver<u64>)) -> bool {
            ends.0.send_timeout(42, LIMIT).is_ok()
        }

        #[role]
        fn take(ends: &(Sender<u64>, Receiver<u64>)) -> Option<u64> {
            ends.1.recv_timeout(LIMIT).ok()
        }
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
        #[with((0..EACH).map(|key| format!("ID{}", EACH * thread.index() + key)).collect::<Vec<_>>())]
        names: &mut [String],
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
    fn wrong(#[values(1, 16, 256)] count: usize, #[with(shuffled(count))] numbers: &mut [u8]) {
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
