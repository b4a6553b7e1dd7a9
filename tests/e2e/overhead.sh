#!/usr/bin/env bash
# Instructions a call with shared state and a thread's own: by the harness, and in a plain loop. They may differ by 2.
#
#   tests/e2e/overhead.sh      needs valgrind; builds in release, about a minute
#
# What the harness does once a chunk is not counted: under callgrind a chunk is over after a few calls, and otherwise after
# thousands. So it is the instructions that ran once in each call, or more often, that are counted.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --release -p scalebench-e2e --bin loops
binary=${CARGO_TARGET_DIR:-target}/release/loops
calls() { awk -v kind="$1" '$1 == kind { print $2 }' "$work/calls"; }
# Instructions a call of the function whose name matches: $1 its name, $2 its calls.
instructions() {
  awk -v name="$1" -v calls="$2" '
    /^fn=/ { inside = index($0, name) > 0; next }
    /^calls=/ { getline; next }
    inside && /^0x/ { cost[$1] += $3 }
    END { for (at in cost) if (cost[at] > 0.9 * calls) sum += cost[at]; printf "%.2f\n", sum / calls }' "$work/out"
}
# Beside other processes a chunk may be a single call, so the best of a few runs counts.
harness= plain=
for _ in 1 2 3 4 5; do
  valgrind --quiet --tool=callgrind --dump-instr=yes --compress-strings=no --compress-pos=no \
    --callgrind-out-file="$work/out" "$binary" >"$work/calls"
  plain=$(instructions 'loops::plain_loop' "$(calls plain)")
  one=$(instructions 'Caller<B> as scalebench_core::measure::window::Chunks>::run' "$(calls harness)")
  harness=$(awk -v a="${harness:-$one}" -v b="$one" 'BEGIN { print (a < b ? a : b) }')
done
awk -v harness="$harness" -v plain="$plain" 'BEGIN {
  if (!(harness >= 1 && plain >= 1)) { print "callgrind did not see both loops"; exit 2 }
  printf "harness %.2f, plain loop %.2f instructions a call\n", harness, plain
  exit (harness - plain > 2 || plain - harness > 2)
}'
