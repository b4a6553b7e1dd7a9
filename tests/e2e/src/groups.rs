//! Functions that are called at the same time, with known answers.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use scalebench::scale_bench_group;

/// How long a turn at the counter takes.
const TURN: Duration = Duration::from_millis(4);

/// What the writer does elsewhere after each of its turns.
const ELSEWHERE: Duration = Duration::from_millis(22);

/// A lock that serves in the order of arrival. A turn begins when the one before ends and lasts as long as it says,
/// however late a caller wakes: so a busy machine does not add up over the turns.
struct Counter {
    free_at: Mutex<Instant>,
}

impl Counter {
    fn open() -> Self {
        Self {
            free_at: Mutex::new(Instant::now()),
        }
    }

    /// Waits for a turn and through it; answers when it ended.
    fn turn(&self, time: Duration) -> Instant {
        let end = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            *free_at = (*free_at).max(Instant::now()) + time;
            *free_at
        };
        sleep_until(end);
        end
    }
}

fn sleep_until(end: Instant) {
    sleep(end.saturating_duration_since(Instant::now()));
}

/// Three readers, who are always at the counter, and one writer, who is elsewhere for 22 ms after each turn. Alone a
/// read takes 4 ms and a write 26 ms. Together: 22 ms after its turn the writer comes back in the middle of a turn, and
/// two readers are behind that one, so it waits for 2 + 4 + 4 ms, has its turn of 4 ms and is elsewhere for 22 ms: 36 ms
/// a write. The counter has 32 of these 36 ms for reads, 8 of them, which three readers share: 13.5 ms a read.
#[scale_bench_group(threads = [4])]
mod queue {
    use super::*;

    #[shared]
    fn counter() -> Counter {
        Counter::open()
    }

    #[role(share = 3)]
    fn read(counter: &Counter) {
        counter.turn(TURN);
    }

    #[role(share = 1)]
    fn write(counter: &Counter) {
        let end = counter.turn(TURN);
        sleep_until(end + ELSEWHERE);
    }
}

/// Calls of 2 ms and of 6 ms that share nothing, three of the first for each of the second: 3 ms a call on average, so
/// that a thread does 250 of the first and 83.3 of the second in a second, and twice as many threads twice as many.
#[scale_bench_group(threads = [1, 2], mix(quick = 3, slow = 1))]
mod drawn {
    use super::*;

    fn quick() {
        sleep(Duration::from_millis(2));
    }

    fn slow() {
        sleep(Duration::from_millis(6));
    }
}

/// One of two roles panics; the other would go on.
#[scale_bench_group(ignore, threads = [2])]
mod half_broken {
    #[role]
    fn sound() {
        std::thread::sleep(std::time::Duration::from_micros(50));
    }

    #[role]
    fn broken(#[with(0)] calls: &mut u64) {
        *calls += 1;
        assert!(*calls < 100, "the planted panic in one role");
    }
}

/// How long a player waits for the ball.
const PATIENCE: Duration = Duration::from_millis(20);

/// A ball that two play to each other.
#[derive(Default)]
struct Ball {
    is_right: Mutex<bool>,
    moved: Condvar,
}

impl Ball {
    /// Waits until the ball is on this side, and plays it to the other; gives up when it does not come.
    fn play(&self, right: bool) {
        let side = self.is_right.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .moved
            .wait_timeout_while(side, PATIENCE, |is_right| *is_right != right);
        let (mut side, patience) = waited.unwrap_or_else(PoisonError::into_inner);
        if !patience.timed_out() {
            *side = !right;
            self.moved.notify_one();
        }
    }
}

/// Together they play as fast as threads wake each other; alone each waits in vain.
#[scale_bench_group(ignore, threads = [2])]
mod ping_pong {
    use super::*;

    #[shared]
    fn ball() -> Ball {
        Ball::default()
    }

    #[role]
    fn ping(ball: &Ball) {
        ball.play(false);
    }

    #[role]
    fn pong(ball: &Ball) {
        ball.play(true);
    }
}
