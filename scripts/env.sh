# Sourced by every script: where tools are, which versions this tree is built with, and how a step is announced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

CARGO_LEPTOS=0.3.10
# The same version as the wasm-bindgen crate in Cargo.toml: the two speak a private format.
WASM_BINDGEN=0.2.130

export PATH="$PWD/end2end/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
# A new stable compiler must not make an old tree fail on a lint.
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

say() { printf '\n\033[1m▸ %s\033[0m\n' "$*"; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }
