#!/bin/sh
# Takes the pictures of the documentation: tests/browser/pictures.sh target/scalebench/report/report.json
#
# The report should hold two benchmarks with a baseline: the first got faster, the second scales better. The one behind
# the pictures is described in docs/reading-the-report.md.
set -eu

SCALEBENCH_REPORT=$(realpath "$1")
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
SCALEBENCH_PAGES=$(mktemp -d)
trap 'rm -rf "$SCALEBENCH_PAGES"' EXIT
SCALEBENCH_CHROMIUM=${SCALEBENCH_CHROMIUM:-$(command -v chromium)}
export SCALEBENCH_REPORT SCALEBENCH_PAGES SCALEBENCH_CHROMIUM

(cd "$root" && cargo test --quiet -p scalebench-model --test render -- --ignored --exact pages::write_pages)
mkdir -p "$root/docs/images"
cd "$here"
node pictures.mjs "$root/docs/images"
