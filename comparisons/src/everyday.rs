//! Calls of 1 ns to 100 µs that programs make every day, each as a state and a call on it: the very same code for
//! ScaleBench and for the loops by hand.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;
use std::sync::Mutex;
use std::time::Instant;

use crate::{Walk, spin};

/// A state with its call.
pub trait Everyday {
    fn make() -> Self;

    fn call(&mut self) -> u64;
}

/// Gives `$each!` the name of every loop with its state.
#[macro_export]
macro_rules! everyday_loops {
    ($each:ident) => {
        $each! {
            spin_1ns: Spin<1>,
            spin_5ns: Spin<5>,
            spin_100ns: Spin<80>,
            spin_10us: Spin<8_000>,
            spin_100us: Spin<80_000>,
            store_reload: StoreReload,
            store_reload_chain: StoreReloadChain,
            chase_l1: Chase<14>,
            chase_l2: Chase<18>,
            chase_32mib: Chase<25>,
            instant_now: Now,
            boxed: Boxed,
            vec_to_40: VecTo40,
            hash_u64: HashU64,
            map_lookup: MapLookup,
            format: Format,
            copy_64kb: Copy64Kb,
            mutex: Uncontended,
        }
    };
}

/// Dependent arithmetic in registers.
pub struct Spin<const STEPS: u32>(u64);

impl<const STEPS: u32> Everyday for Spin<STEPS> {
    fn make() -> Self {
        Self(1)
    }

    #[inline]
    fn call(&mut self) -> u64 {
        spin(&mut self.0, STEPS)
    }
}

/// 100 multiply-adds, each with its factor and its result stored and loaded again.
pub struct StoreReload(u64);

impl Everyday for StoreReload {
    fn make() -> Self {
        Self(0)
    }

    #[inline]
    fn call(&mut self) -> u64 {
        for factor in 0..100 {
            self.0 = black_box(factor * 3 + 1);
        }
        self.0
    }
}

/// 100 multiply-adds, each of the one before as it was stored and loaded again.
pub struct StoreReloadChain(u64);

impl Everyday for StoreReloadChain {
    fn make() -> Self {
        Self(1)
    }

    #[inline]
    fn call(&mut self) -> u64 {
        let mut value = self.0;
        for _ in 0..100 {
            value = black_box(
                value
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1),
            );
        }
        self.0 = value;
        value
    }
}

/// 32 steps through 2^`BITS` bytes, each to where the one before said.
pub struct Chase<const BITS: u32>(Walk);

impl<const BITS: u32> Everyday for Chase<BITS> {
    fn make() -> Self {
        Self(Walk::through(1 << BITS, 0))
    }

    #[inline]
    fn call(&mut self) -> u64 {
        u64::from(self.0.steps())
    }
}

/// Reads the clock.
pub struct Now(Instant);

impl Everyday for Now {
    fn make() -> Self {
        Self(Instant::now())
    }

    #[inline]
    fn call(&mut self) -> u64 {
        self.0 = Instant::now();
        0
    }
}

/// Allocates and frees a number.
pub struct Boxed;

impl Everyday for Boxed {
    fn make() -> Self {
        Self
    }

    #[inline]
    fn call(&mut self) -> u64 {
        *black_box(Box::new(1))
    }
}

/// Grows a vector to 40 numbers.
pub struct VecTo40;

impl Everyday for VecTo40 {
    fn make() -> Self {
        Self
    }

    #[inline]
    fn call(&mut self) -> u64 {
        let mut numbers = Vec::new();
        for number in 0..40_u64 {
            numbers.push(black_box(number));
        }
        black_box(&numbers)[39]
    }
}

/// The standard library's hash (SipHash) of a number.
pub struct HashU64(RandomState, u64);

impl Everyday for HashU64 {
    fn make() -> Self {
        Self(RandomState::new(), 0)
    }

    #[inline]
    fn call(&mut self) -> u64 {
        self.1 += 1;
        self.0.hash_one(self.1)
    }
}

/// Looks up one of 1,000 numbers.
pub struct MapLookup(HashMap<u64, u64>, u64);

impl Everyday for MapLookup {
    fn make() -> Self {
        Self((0..1_000).map(|key| (key, key)).collect(), 1)
    }

    #[inline]
    fn call(&mut self) -> u64 {
        let key = spin(&mut self.1, 1) % 1_000;
        self.0.get(&key).copied().unwrap_or_default()
    }
}

/// Makes a short text of two numbers.
pub struct Format(u64);

impl Everyday for Format {
    fn make() -> Self {
        Self(0)
    }

    #[inline]
    fn call(&mut self) -> u64 {
        self.0 += 1;
        let mut text = format!("{}: ", self.0);
        // Writing to a string cannot fail.
        let _ = write!(text, "{:.2}", self.0 as f64 / 3.0);
        black_box(text).len() as u64
    }
}

/// Copies 64 kB.
pub struct Copy64Kb(Vec<u8>, Vec<u8>);

impl Everyday for Copy64Kb {
    fn make() -> Self {
        Self(vec![1; 64_000], vec![0; 64_000])
    }

    #[inline]
    fn call(&mut self) -> u64 {
        self.1.copy_from_slice(&self.0);
        u64::from(black_box(&self.1)[0])
    }
}

/// Locks and unlocks what nobody else wants.
pub struct Uncontended(Mutex<u64>);

impl Everyday for Uncontended {
    fn make() -> Self {
        Self(Mutex::new(0))
    }

    #[inline]
    fn call(&mut self) -> u64 {
        let mut value = self.0.lock().expect("additions do not panic");
        *value += 1;
        *value
    }
}
