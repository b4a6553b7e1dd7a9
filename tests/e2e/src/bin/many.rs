//! So many benchmarks that what each of them costs the run itself shows.

use scalebench::scale_bench;

macro_rules! thousands {
    ($($name:ident)*) => {$(
        #[scale_bench]
        fn $name(#[values(0..1000)] number: u32) -> u32 {
            number
        }
    )*};
}

thousands!(first second third fourth fifth sixth seventh eighth ninth tenth);

scalebench::main!();
