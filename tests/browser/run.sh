#!/bin/sh
# Draws the pages that the tests need and looks at them in a headless Chromium.
#
# Exit 0: all is well; 1: something is wrong; 77: no Chromium or no Node, so nothing was looked at. Where
# SCALEBENCH_REQUIRE_BROWSER=1, as in CI, that counts as a failure. SCALEBENCH_CHROMIUM names a browser.
# SCALEBENCH_BROWSER_TIMING=1 also checks times. Arguments go to `node --test`.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)

without() {
    echo "browser tests: $1: the page was not looked at" >&2
    if [ "${SCALEBENCH_REQUIRE_BROWSER:-0}" = 1 ]; then exit 1; fi
    exit 77
}

if [ -z "${SCALEBENCH_CHROMIUM:-}" ]; then
    for name in chromium chromium-browser google-chrome; do
        if SCALEBENCH_CHROMIUM=$(command -v "$name"); then break; fi
    done
fi
[ -n "${SCALEBENCH_CHROMIUM:-}" ] && [ -x "$SCALEBENCH_CHROMIUM" ] || without "no Chromium found"
command -v npm >/dev/null || without "no Node found"

SCALEBENCH_PAGES=$(mktemp -d)
trap 'rm -rf "$SCALEBENCH_PAGES"' EXIT
export SCALEBENCH_CHROMIUM SCALEBENCH_PAGES

(cd "$root" && cargo test --quiet -p scalebench-model --test render -- --ignored --exact pages::write_pages)

cd "$here"
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
fi
node --test "$@"
