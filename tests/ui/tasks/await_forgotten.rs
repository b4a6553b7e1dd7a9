use scalebench::scale_bench;

async fn connect() -> u8 {
    7
}

#[scale_bench]
async fn bench(#[with(connect())] _connection: &u8) {}

fn main() {}
