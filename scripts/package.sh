#!/usr/bin/env bash
# target/painel-<version>-<machine>-linux.tar.gz of the release, with its SHA-256 beside it. The same sources and program
# give the same archive: names sorted, everything as old as the last commit. Then it is unpacked and tried.
#
# scripts/package.sh [PROGRAM [FOLDER]]      another build than the release, another place than target/
source "$(dirname "$0")/env.sh"
program="${1:-target/release/painel}"
out="${2:-target}"
[ -x "$program" ] || fail "$program is missing: run \`make build\`."
node scripts/check-packaging.mjs
version="$("$program" --version | cut -d' ' -f2)"
name="painel-$version-$(uname -m)-linux"
age="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y "$program")}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

install -D -m 755 "$program" "$folder/$name/painel"
cp README.md ARCHITECTURE.md SECURITY.md .env.example "$folder/$name/"
cp -R docs packaging "$folder/$name/"
# What these speak of beside sources.
cp --parents bench/README.md bench/RESULTS.md fuzz/README.md end2end/stack/schema.sql "$folder/$name/"
rm -f "$folder/$name/packaging/.env" # whoever runs compose keeps passwords there
node scripts/licences.mjs >"$folder/$name/LICENCES.txt"
tar --create --format=ustar --sort=name --mtime="@$age" --owner=0 --group=0 --numeric-owner --mode=u+rw,go+rX,go-w \
  -C "$folder" "$name" | gzip -9 --no-name >"$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
say "$out/$name.tar.gz, $(stat -c %s "$out/$name.tar.gz") bytes"
node scripts/check-package.mjs "$out/$name.tar.gz"
