#!/usr/bin/env bash
# Mutation tests of what keeps secrets, of the way out and of who may do what: each line of them is altered, and some test
# beside it must notice. A part's mutants take hours: build and tests of the server once for each.
#   scripts/mutants.sh [vault|egress|access] [OPTION…]     without a part, all three
# Options go to cargo-mutants: `--list` shows the mutants, `--shard 0/8` tries some of them. What is left out, and why, stands in
# .cargo/mutants.toml. Works on a copy of the tree; what came out lies in target/mutants.
source "$(dirname "$0")/env.sh"

CARGO_MUTANTS=27.1.0

parts=(vault egress access)
case "${1:-}" in
  vault | egress | access) parts=("$1") && shift ;;
esac

if [ "$(cargo mutants --version 2>/dev/null)" != "cargo-mutants $CARGO_MUTANTS" ]; then
  say "Building cargo-mutants $CARGO_MUTANTS (once, some minutes)"
  # As in tools.sh: it needs no optimisation of its own.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    cargo install --quiet --force --locked cargo-mutants --version "$CARGO_MUTANTS"
fi

missed=()
for part in "${parts[@]}"; do
  say "Mutants of $part"
  mkdir -p "target/mutants/$part"
  # Only the tests of the same part count: what its own tests do not notice is not tested.
  case $part in
    vault | egress) what=(--package server --file "server/src/$part/**/*.rs" "$@" -- --lib -- "$part::") ;;
    access) what=(--package app --features ssr --file app/src/access.rs --file app/src/session/permission.rs "$@" -- --lib) ;;
  esac
  cargo mutants --output "target/mutants/$part" "${what[@]}" || missed+=("$part")
done
[ ${#missed[@]} = 0 ] || fail "Not noticed by any test, or not tried: ${missed[*]}; target/mutants has which."
