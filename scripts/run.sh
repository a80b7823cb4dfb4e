#!/usr/bin/env bash
# The demo: sets up all that is missing, then runs it and rebuilds on every change. Ctrl-C ends all of it.
source "$(dirname "$0")/env.sh"
command -v node >/dev/null || fail "Node.js 20 with npm is missing: install it and run this again."
node scripts/check-ports.mjs 3000 3001
scripts/tools.sh
say "Building Painel for development (the first time about 5 minutes on two cores, then seconds)"
# As `watch` sets it: Leptos compiles the variable in, and one without it would make `watch` build all of it again.
LEPTOS_WATCH=true cargo leptos build
exec node scripts/run.mjs
