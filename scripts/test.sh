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
cargo test --quiet -p app --features ssr
node scripts/with-stack.mjs cargo test --quiet -p server
cargo test --quiet -p server --lib -- --ignored vault::
say "The same over HTTP on Postgres, behind row-level security"
PAINEL_IT_STORE=postgres node scripts/with-stack.mjs cargo test --quiet -p server --test it -- \
  --skip import:: --skip backup:: --skip command_line:: --skip project:: \
  --skip keys::kill --skip keys::illegal --skip keys::refused --skip keys::keys --skip keys::what # these run on both already, or on none
say "Row-level security by itself: the tenant left out of the store's statements"
node scripts/with-stack.mjs cargo test --quiet -p server --features without-where --lib store::tests::isolation

scripts/build.sh

say "The release as a package, started in an empty folder"
scripts/package.sh

say "Five hundred at the door of the release, and kill -9"
PAINEL_BIN="$PWD/target/release/painel" node scripts/with-stack.mjs cargo test --quiet -p server --test it -- crowd:: durable::

say "Browser tests against the release (all before took $((SECONDS - began)) s)"
node scripts/with-stack.mjs npx --prefix end2end playwright test --config end2end/playwright.config.mjs
