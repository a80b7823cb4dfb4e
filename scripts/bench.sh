#!/usr/bin/env bash
# Ratios measured side by side on the release and the demo stack: all of them, or one case's (`make bench CASE=pages`).
source "$(dirname "$0")/env.sh"
export BENCH_CASE="${BENCH_CASE:-${CASE:-}}"
scripts/browser.sh || say "No browser: the time to hydrated will be missing"

say "Building what the release is measured with and against (as long as the release, the first time)"
# In a folder of its own: beside benchmarks cargo always builds `painel` too, and would put it, without its site, in the place of
# the release.
export BENCH_PROGRAMS="$PWD/target/bench/programs.json"
mkdir -p target/bench
CARGO_TARGET_DIR=target/bench cargo bench --quiet -p server --bench micro --bench plain_page --bench fleet --no-run \
  --message-format=json-render-diagnostics >"$BENCH_PROGRAMS"

say "Measuring (all of it: about ten minutes)"
# The server takes the first core (bench/world.mjs); the second has everything else.
load=()
if taskset -c 0 true 2>/dev/null && taskset -c 1 true 2>/dev/null; then
  export BENCH_PINNED=1
  load=(taskset -c 1)
fi
"${load[@]}" node scripts/with-stack.mjs node bench/main.mjs
