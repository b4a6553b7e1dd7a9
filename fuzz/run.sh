#!/usr/bin/env bash
# Fuzzes every target for SECONDS_EACH (default 300: 30 minutes in all). Needs a nightly compiler and a C++ compiler, not
# cargo-fuzz. New inputs go to target/corpus, so that the kept corpus stays small; what fails is written to artifacts/.
#   fuzz/run.sh [TARGET...]
set -euo pipefail
cd "$(dirname "$0")"
each=${SECONDS_EACH:-300}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(run_record report protocol csv import attribute)

# What cargo-fuzz would set. No address sanitizer: there is no unsafe code behind these readers, and without it runs are faster.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
target_dir=${CARGO_TARGET_DIR:-target}
host=$(rustc +nightly -vV | sed -n 's/^host: //p')
cargo +nightly build --release --target "$host" --target-dir "$target_dir"
mkdir -p artifacts
for target in "${targets[@]}"; do
  echo "== $target, $each s"
  mkdir -p "$target_dir/corpus/$target"
  "$target_dir/$host/release/$target" "$target_dir/corpus/$target" "corpus/$target" \
    -max_total_time="$each" -artifact_prefix="artifacts/$target-" -timeout=60 -rss_limit_mb=4096 -max_len=65536 \
    -print_final_stats=1 2>&1 | grep -E 'DONE|stat::|ERROR|panicked|SUMMARY' || true
done
# Whatever was found is a failure.
if find artifacts -type f | grep -q .; then
  find artifacts -type f
  exit 1
fi
