#!/usr/bin/env bash
# Page time against the same reads done raw, on the release and the demo stack.
source "$(dirname "$0")/env.sh"
node scripts/with-stack.mjs node bench/pages.mjs
