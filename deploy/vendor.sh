#!/bin/sh
# Fetches the browser files of vendor.lock with npm, checks their sums, puts them in place: for maintainers, never for users.
set -eu
cd "$(dirname "$0")/.."
place=bot/web/static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$place"

grep -v '^#' deploy/vendor.lock | while read -r sum package inside name; do
  box=$work/$(printf %s "$package" | tr '/@' '__')
  if [ ! -d "$box" ]; then
    mkdir "$box"
    echo "fetching $package"
    tar -xzf "$box/$(cd "$box" && npm pack --silent "$package" 2>/dev/null | tail -1)" -C "$box"
  fi
  got=$(sha256sum "$box/package/$inside" | cut -d' ' -f1)
  if [ "$got" != "$sum" ]; then
    echo "$name of $package is not what deploy/vendor.lock says:" >&2
    echo "  $got found" >&2
    echo "  $sum expected" >&2
    exit 1
  fi
  cp "$box/package/$inside" "$place/$name"
  echo "  $place/$name"
done
