//! The cases of `comparisons::uneven` under ScaleBench.

use std::sync::atomic::AtomicU64;

use comparisons::uneven::{self, Caller};
use scalebench::{scale_bench, scale_bench_group};

#[scale_bench(threads = [1, 2])]
fn own_20ms_in_1000(#[with(Caller::of(&uneven::OWN_20MS_IN_1000))] caller: &mut Caller) {
    uneven::OWN_20MS_IN_1000.call(caller);
}

#[scale_bench(threads = [1, 2])]
fn own_30ms_in_10(#[with(Caller::of(&uneven::OWN_30MS_IN_10))] caller: &mut Caller) {
    uneven::OWN_30MS_IN_10.call(caller);
}

#[scale_bench(threads = [1, 2])]
fn own_15ms_in_1000(#[with(Caller::of(&uneven::OWN_15MS_IN_1000))] caller: &mut Caller) {
    uneven::OWN_15MS_IN_1000.call(caller);
}

#[scale_bench(threads = [1, 2])]
fn own_60ms_in_100000(#[with(Caller::of(&uneven::OWN_60MS_IN_100000))] caller: &mut Caller) {
    uneven::OWN_60MS_IN_100000.call(caller);
}

#[scale_bench(threads = [1, 2])]
fn own_10ms_in_100000(#[with(Caller::of(&uneven::OWN_10MS_IN_100000))] caller: &mut Caller) {
    uneven::OWN_10MS_IN_100000.call(caller);
}

#[scale_bench(threads = [1, 2])]
fn own_1s_in_10000(#[with(Caller::of(&uneven::OWN_1S_IN_10000))] caller: &mut Caller) {
    uneven::OWN_1S_IN_10000.call(caller);
}

#[scale_bench(threads = [1, 2])]
fn shared_5ms_in_100(
    #[with(AtomicU64::new(0))] calls: &AtomicU64,
    #[with(Caller::of(&uneven::SHARED_5MS_IN_100))] caller: &mut Caller,
) {
    uneven::SHARED_5MS_IN_100.call_shared(calls, caller);
}

#[scale_bench(parallel, threads = [1, 2])]
fn parallel_30ms_in_50(#[with(Caller::of(&uneven::PARALLEL_30MS_IN_50))] caller: &mut Caller) {
    uneven::PARALLEL_30MS_IN_50.call(caller);
}

#[scale_bench(parallel, threads = [1, 2])]
fn parallel_burns_2ms_in_10(
    #[with(Caller::of(&uneven::PARALLEL_BURNS_2MS_IN_10))] caller: &mut Caller,
) {
    uneven::PARALLEL_BURNS_2MS_IN_10.call(caller);
}

#[scale_bench(tasks = [1, 2], workers = 2)]
async fn async_5ms_in_100(#[with(Caller::of(&uneven::ASYNC_5MS_IN_100))] caller: &mut Caller) {
    uneven::ASYNC_5MS_IN_100.call_async(caller).await;
}

#[scale_bench(threads = [1, 2])]
async fn async_burns_2ms_in_1000(
    #[with(AtomicU64::new(0))] calls: &AtomicU64,
    #[with(Caller::of(&uneven::ASYNC_BURNS_2MS_IN_1000))] caller: &mut Caller,
) {
    uneven::ASYNC_BURNS_2MS_IN_1000
        .call_async_shared(calls, caller)
        .await;
}

#[scale_bench_group(threads = [2])]
mod group {
    use super::*;

    #[role(share = 1)]
    fn group_burns_1ms_in_1000(
        #[with(Caller::of(&uneven::GROUP_BURNS_1MS_IN_1000))] caller: &mut Caller,
    ) {
        uneven::GROUP_BURNS_1MS_IN_1000.call(caller);
    }

    #[role(share = 1)]
    fn even(#[with(1)] state: &mut u64) -> u64 {
        comparisons::spin(state, 800)
    }
}

scalebench::main!();
