#!/usr/bin/env bash
# Format, languages, documents, packaging, dependencies and lints, per target: `ssr` and `hydrate` must never be unified, so
# never --workspace.
source "$(dirname "$0")/env.sh"
say "Format"
cargo fmt --all --check
cargo fmt --manifest-path fuzz/Cargo.toml --check
say "Both languages"
node scripts/languages.mjs
say "Documents and packaging"
node scripts/links.mjs
node scripts/check-packaging.mjs
say "Dependencies"
node scripts/unused-dependencies.mjs
node scripts/wasm-guard.mjs
say "Lints of the server"
cargo clippy --quiet -p app --features ssr --all-targets -- -D warnings
cargo clippy --quiet -p server --all-targets -- -D warnings
cargo clippy --quiet -p server --features opentelemetry,fuzzing -- -D warnings
say "Lints of the browser's part"
cargo clippy --quiet -p frontend --target wasm32-unknown-unknown -- -D warnings
cargo clippy --quiet -p frontend --features split --target wasm32-unknown-unknown -- -D warnings
