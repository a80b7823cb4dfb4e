#!/usr/bin/env bash
# Throws bytes at what reads strangers' bytes: every target, or one, each for so many seconds (60 unless said).
#   scripts/fuzz.sh [TARGET] [SECONDS]
# fuzz/README.md says what is asserted and what to do with what is found. Wants stable Rust and a C++ compiler. Writes into
# target/fuzz alone, and fuzz/Cargo.lock, which git does not see: the workspace's own, with the fuzzer added.
source "$(dirname "$0")/env.sh"

targets=()
seconds=60
for word in "$@"; do
  if [[ $word =~ ^[1-9][0-9]*$ ]]; then
    seconds=$word
  elif [ -f "fuzz/fuzz_targets/$word.rs" ]; then
    targets+=("$word")
  else
    fail "There is no target $word: $(basename -s .rs fuzz/fuzz_targets/*.rs | paste -sd ' ')"
  fi
done
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(basename -s .rs fuzz/fuzz_targets/*.rs)
command -v c++ >/dev/null || fail "A C++ compiler is missing: install g++ or clang (Debian: apt-get install build-essential) and run this again."

# What `cargo fuzz --sanitizer none` sets: a counter at each edge, and what is compared with what. All of it is stable. The
# target's triple is named so that build scripts and procedural macros are compiled without.
flags=(
  --cfg erase_components
  -Cpasses=sancov-module
  -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares
  -Cllvm-args=-simplifycfg-branch-fold-threshold=0
  -Ccodegen-units=1
)
host="$(rustc -vV | sed -n 's/^host: //p')"
say "Building the targets (as long as a release, the first time)"
# The versions that are released are the ones that are tried.
[ fuzz/Cargo.lock -nt Cargo.lock ] || cp Cargo.lock fuzz/Cargo.lock
RUSTFLAGS="${flags[*]}" cargo build --quiet --release --manifest-path fuzz/Cargo.toml --target "$host" \
  --target-dir target/fuzz "${targets[@]/#/--bin=}"

say "Each for $seconds s"
last() { grep -o "$1 [0-9]*" "$2" | tail -n 1 | grep -o '[0-9]*$' || echo '?'; }
failed=()
for target in "${targets[@]}"; do
  corpus="target/fuzz/corpus/$target"
  found="target/fuzz/found/$target"
  log="target/fuzz/$target.log"
  mkdir -p "$corpus" "$found"
  held=0
  "target/fuzz/$host/release/$target" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 \
    -artifact_prefix="$found/" "$corpus" "fuzz/seeds/$target" >"$log" 2>&1 || held=$?
  printf '  %-16s %12s executions, coverage %6s, %5s inputs kept\n' "$target" \
    "$(last stat::number_of_executed_units: "$log")" "$(last cov: "$log")" "$(find "$corpus" -type f | wc -l)"
  [ "$held" = 0 ] || { failed+=("$target"); tail -n 30 "$log"; }
done
[ ${#failed[@]} = 0 ] || fail "Does not hold: ${failed[*]}. The inputs lie in target/fuzz/found; fuzz/README.md says what to do with them."
