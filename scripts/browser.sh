#!/usr/bin/env bash
# A Chromium for the browser tests: an installed one, or Debian's.
source "$(dirname "$0")/env.sh"
for name in ${CHROMIUM:-} chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
command -v apt-get >/dev/null || fail "Chromium is missing: install it and run this again."
say "Installing Debian's Chromium and fonts (a minute)"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@" || fail "Chromium is missing: run 'sudo apt-get install chromium' and this again."; fi; }
as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  chromium fonts-noto-core fonts-noto-color-emoji >/dev/null
