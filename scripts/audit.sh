#!/usr/bin/env bash
# What Painel is built from, by deny.toml: licences, crates that may not be in it, where they come from, published
# advisories; and dependencies that nothing uses. Says all that is wrong, then fails.
#
# Not part of `make test`: the first run builds two tools, which takes minutes, and the advisories come over the network (by
# git) and change without us. Licences, bans and sources need no network once the crates are there.
source "$(dirname "$0")/env.sh"

CARGO_DENY=0.20.2
CARGO_MACHETE=0.9.2

# As in tools.sh: they need no optimisation of their own.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256

if [ "$(cargo deny --version 2>/dev/null)" != "cargo-deny $CARGO_DENY" ]; then
  say "Building cargo-deny $CARGO_DENY (once, some minutes)"
  cargo install --quiet --force --locked cargo-deny --version "$CARGO_DENY"
fi
if [ "$(cargo machete --version 2>/dev/null)" != "$CARGO_MACHETE" ]; then
  say "Building cargo-machete $CARGO_MACHETE (once, about a minute)"
  cargo install --quiet --force --locked cargo-machete --version "$CARGO_MACHETE"
fi

wrong=()
say "Licences, bans and sources"
cargo deny --locked check bans licenses sources || wrong+=("deny.toml")
say "Advisories"
cargo deny --locked check advisories || wrong+=("advisories")
say "Unused dependencies"
cargo machete app frontend server || wrong+=("unused dependencies")
[ ${#wrong[@]} = 0 ] || fail "Not as it should be: $(IFS=,; echo "${wrong[*]}")"
