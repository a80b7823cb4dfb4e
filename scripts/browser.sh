#!/usr/bin/env bash
# A Chromium for the browser tests, an installed one or Debian's, and the fonts that the kept pictures were made with.
source "$(dirname "$0")/env.sh"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@" || fail "Run 'sudo apt-get install ${wanted[*]}' and this again."; fi; }
# A mirror may be slow, and another installation under way.
apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 "$@" >/dev/null; }

wanted=()
found=
for name in ${CHROMIUM:-} chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then found=$name; break; fi
done
[ -n "$found" ] || wanted+=(chromium)
# Read to its end: a pipe that is closed early would count as a failure.
fc-list 2>/dev/null | grep NotoSans >/dev/null || wanted+=(fonts-noto-core)
fc-list 2>/dev/null | grep NotoColorEmoji >/dev/null || wanted+=(fonts-noto-color-emoji)
[ ${#wanted[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  [ -n "$found" ] || fail "Chromium is missing: install it and run this again."
  say "No apt-get: the pictures are compared with other fonts"
  exit 0
fi
say "Installing ${wanted[*]} (a minute)"
apt update
apt install -y --no-install-recommends "${wanted[@]}"
