#!/usr/bin/env bash
# The release: target/release/painel, one file with its site inside. (The site is in target/site too, precompressed.)
source "$(dirname "$0")/env.sh"
scripts/tools.sh
say "Building the release (about 6 minutes the first time on two cores)"
rm -rf target/site/pkg # cargo-leptos would take what is left there for new files
cargo leptos build --release --split --lib-features split
node scripts/precompress.mjs target/site
node scripts/embed.mjs target/release/painel target/site
