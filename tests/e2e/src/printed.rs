//! Messages that would be commands to GitHub's runner.

use scalebench::scale_bench;

#[scale_bench(ignore)]
fn orders_the_runner() {
    panic!("planted\n::error::planted\n \t::add-mask::planted\nplanted ##[error]planted");
}
