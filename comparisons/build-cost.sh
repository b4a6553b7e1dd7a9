#!/usr/bin/env bash
# What adopting costs: clean builds of a crate with one benchmark under scalebench, criterion and divan, and rebuilds after
# touching the benchmark. `-init` is as `cargo scalebench init` leaves it: scalebench's own crates are not optimized. Built by
# turns, so that the machine's drift hits all alike; the medians are printed as a table.
#
#   comparisons/build-cost.sh [ROUNDS]        3 rounds unless said otherwise, about 2 minutes each on 2 cores
#
# CPU seconds (user and system, of all processes) hardly depend on what else runs. Wall-clock seconds do.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${1:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER
kinds=(scalebench-init scalebench scalebench-lean-init scalebench-lean criterion divan)

dependency() {
  case $1 in
    scalebench | scalebench-init) echo "scalebench = { path = \"$root\" }" ;;
    scalebench-lean | scalebench-lean-init) echo "scalebench = { path = \"$root\", default-features = false }" ;;
    criterion) echo 'criterion = "0.8"' ;;
    divan) echo 'divan = "0.1"' ;;
  esac
}

profile() {
  case $1 in
    *-init)
      echo '[profile.bench.package]'
      for crate in core model store; do echo "scalebench-$crate = { opt-level = 0 }"; done
      ;;
  esac
}

benchmark() {
  case $1 in
    scalebench*) cat <<'RUST'
use std::sync::atomic::{AtomicU64, Ordering};

#[scalebench::scale_bench]
fn count(#[with(AtomicU64::new(0))] counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

scalebench::main!();
RUST
      ;;
    criterion) cat <<'RUST'
use std::sync::atomic::{AtomicU64, Ordering};

use criterion::{Criterion, criterion_group, criterion_main};

fn count(criterion: &mut Criterion) {
    let counter = AtomicU64::new(0);
    criterion.bench_function("count", |b| b.iter(|| counter.fetch_add(1, Ordering::Relaxed)));
}

criterion_group!(benches, count);
criterion_main!(benches);
RUST
      ;;
    divan) cat <<'RUST'
use std::sync::atomic::{AtomicU64, Ordering};

#[divan::bench]
fn count(bencher: divan::Bencher) {
    let counter = AtomicU64::new(0);
    bencher.bench(|| counter.fetch_add(1, Ordering::Relaxed));
}

fn main() {
    divan::main();
}
RUST
      ;;
  esac
}

for kind in "${kinds[@]}"; do
  mkdir -p "$work/$kind/src" "$work/$kind/benches"
  : >"$work/$kind/src/lib.rs"
  benchmark "$kind" >"$work/$kind/benches/one.rs"
  cat >"$work/$kind/Cargo.toml" <<TOML
[package]
name = "one"
version = "0.0.0"
edition = "2024"

[lib]
bench = false

[dev-dependencies]
$(dependency "$kind")

[[bench]]
name = "one"
harness = false

[workspace]
$(profile "$kind")
TOML
  (cd "$work/$kind" && cargo fetch --quiet)
done

# Appends "user system wall" in seconds to a file.
timed() {
  local to=$1
  shift
  # The shell's own clock counts all processes that the command waited for.
  local TIMEFORMAT='%U %S %R'
  { time "$@" >"$work/log" 2>&1; } 2>>"$to" || { cat "$work/log" >&2; exit 1; }
}

for ((round = 1; round <= rounds; round++)); do
  for kind in "${kinds[@]}"; do
    cd "$work/$kind"
    rm -rf target
    timed clean cargo bench --no-run --offline
    grep -c '^ *Compiling' "$work/log" >crates
    sleep 1
    touch benches/one.rs
    timed again cargo bench --no-run --offline
    find target/release/deps -name 'one-*' -type f -executable -printf '%s\n' | sort -n | tail -1 >size
  done
done

# The median of CPU and wall-clock time.
medians() {
  awk '{ print $1 + $2 }' "$1" | sort -n | awk '{ v[NR] = $1 } END { printf "%.1f ", v[int((NR + 1) / 2)] }'
  awk '{ print $3 }' "$1" | sort -n | awk '{ v[NR] = $1 } END { printf "%.2f\n", v[int((NR + 1) / 2)] }'
}

printf '| | clean build, CPU s | wall s | rebuild, wall s | crates | binary, MB |\n| --- | --- | --- | --- | --- | --- |\n'
for kind in "${kinds[@]}"; do
  cd "$work/$kind"
  read -r cpu wall < <(medians clean)
  read -r _ again < <(medians again)
  # The crate itself is no dependency.
  printf '| %s | %s | %.1f | %s | %s | %s |\n' "$kind" "$cpu" "$wall" "$again" "$(($(cat crates) - 1))" \
    "$(awk '{ printf "%.1f", $1 / 1e6 }' size)"
done
