#!/usr/bin/env bash
# The release: target/release/painel with its site in target/site, precompressed.
source "$(dirname "$0")/env.sh"
scripts/tools.sh
say "Building the release (about 6 minutes the first time on two cores)"
cargo leptos build --release
node scripts/precompress.mjs target/site
