#!/usr/bin/env bash
# The engine's tests under ThreadSanitizer: real threads, and every access to memory that nothing orders. Needs a nightly
# compiler, takes minutes to build. The standard library comes as it is built for everybody, so what orders accesses only inside of it is
# not seen; where that misleads is named below. Ends with 1 when there is a race.
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(rustc +nightly -vV | sed -n 's/^host: //p')
known=$(mktemp)
trap 'rm -f "$known"' EXIT
# False reports: a wait for a lock or a condition takes the lock again inside of the standard library, unseen. The first two are
# libtest's. The channel is a std `Mutex` and a `Condvar` in safe code, which cannot race.
cat >"$known" <<'KNOWN'
race:std::sync::mpmc::list::Channel<test::event::CompletedTest>
race:alloc::sync::Arc<std::sync::poison::mutex::Mutex<core::option::Option<test::run_test
race:scalebench_core::channel::
KNOWN

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/tsan
export RUSTFLAGS="-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer"
export CARGO_PROFILE_DEV_DEBUG=line-tables-only
export TSAN_OPTIONS="suppressions=$known exitcode=66"
cargo +nightly test --target "$host" -p scalebench-core --lib -- --test-threads=1 "$@"
