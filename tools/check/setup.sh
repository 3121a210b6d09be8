#!/usr/bin/env bash
# Installs what packages.txt names and the machine lacks. Silent and quick when nothing is missing.
set -euo pipefail
list=$(dirname "$0")/packages.txt

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is no Debian machine; install the equivalents of $list yourself" >&2
  exit 0
fi

installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p' | sort -u)
# The packages of the list; of package/command those whose command is missing.
listed() {
  local line
  grep "$1" "$list" | tr -d '?' | while IFS= read -r line; do
    case $line in
      */*) command -v "${line#*/}" >/dev/null || printf '%s\n' "${line%/*}" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}
absent() { comm -13 <(printf '%s\n' "$installed") <(listed "$1" | sort -u); }
needed=$(absent '^[a-z]')
wanted=$(absent '^?')
# What is only nice to have is asked for together with the rest, not each time.
if [ -z "$needed" ]; then
  exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    printf 'setup: not root, and no sudo here. As root run:\n  apt-get install --no-install-recommends %s\n' "$(echo $needed)" >&2
    exit 1
  fi
  as_root=sudo
fi

echo "setup: installing" $needed
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
for package in $wanted; do
  if apt-cache show "$package" >/dev/null 2>&1; then needed="$needed $package"; fi
done
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $needed </dev/null
