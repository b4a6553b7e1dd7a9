use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    use std::cell::Cell;

    #[shared]
    fn count() -> Cell<u64> {
        Cell::new(0)
    }

    #[role]
    fn read(count: &Cell<u64>) {
        count.set(1);
    }

    #[role]
    fn write() {}
}

fn main() {}
