//! The loops of `comparisons::everyday` under ScaleBench.

use comparisons::everyday::*;
use scalebench::scale_bench;

mod padding;

macro_rules! benchmarks {
    ($($name:ident: $state:ty,)*) => {
        $(
            #[scale_bench(threads = [1])]
            fn $name(#[with(padding::after(<$state>::make()))] state: &mut $state) -> u64 {
                state.call()
            }
        )*
    };
}

comparisons::everyday_loops!(benchmarks);

scalebench::main!();
