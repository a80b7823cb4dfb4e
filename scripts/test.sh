#!/usr/bin/env bash
# Everything, on a machine that may have nothing yet: tools, lints, the demo stack's own tests, unit and integration
# tests on both databases and the real PostgREST, then the release in a real browser.
source "$(dirname "$0")/env.sh"
began=$SECONDS
scripts/tools.sh
scripts/browser.sh
scripts/check.sh

say "The demo stack's own tests"
npm --prefix end2end run --silent test:stack

say "Unit and integration tests (SQLite, Postgres, PostgREST)"
# What loads the machine runs against the release, below.
loads=(--skip crowd:: --skip durable::)
cargo test --quiet -p app --features ssr
node scripts/with-stack.mjs cargo test --quiet -p server --lib --bins
cargo test --quiet -p server --doc
node scripts/with-stack.mjs cargo test --quiet -p server --test it -- "${loads[@]}"
cargo test --quiet -p server --lib -- --ignored vault::
say "The same over HTTP on Postgres, behind row-level security"
both=(import:: backup:: command_line:: project:: keys::kill keys::illegal keys::refused keys::keys keys::what outage::sqlite) # run on both already
none=(connection:: evolution:: fence:: figures:: google::refusals google::rows hostile_text:: pages:: self_contained:: whatsapp::) # of a foreign host or a page alone
PAINEL_IT_STORE=postgres node scripts/with-stack.mjs cargo test --quiet -p server --test it -- \
  "${loads[@]}" $(printf -- '--skip %s ' "${both[@]}" "${none[@]}")
say "Row-level security by itself: the tenant left out of the store's statements"
node scripts/with-stack.mjs cargo test --quiet -p server --features without-where --lib store::tests::isolation

# Hardly optimised: optimising takes most of a build and changes nothing that is tested.
CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 scripts/build.sh

say "The release as a package, started in an empty folder"
scripts/package.sh

say "Five hundred at the door of the release, and kill -9"
export PAINEL_BIN="$PWD/target/release/painel"
node scripts/with-stack.mjs cargo test --quiet -p server --test it -- crowd:: durable::
PAINEL_IT_STORE=postgres node scripts/with-stack.mjs cargo test --quiet -p server --test it -- crowd:: durable::
unset PAINEL_BIN

say "Browser tests against the release (all before took $((SECONDS - began)) s)"
node scripts/with-stack.mjs npx --prefix end2end playwright test --config end2end/playwright.config.mjs
