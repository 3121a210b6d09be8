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

# apt-get with retries of its own; -o DPkg::Lock::Timeout: another apt may be at it on a machine just started.
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -qq "$@" </dev/null
}
install() {
  apt update || return
  local package packages=$needed
  for package in $wanted; do
    if apt-cache show "$package" >/dev/null 2>&1; then packages="$packages $package"; fi
  done
  apt install -y --no-install-recommends $packages
}
echo "setup: installing" $needed
for pause in 10 60 180 0; do
  if install; then exit 0; fi
  if [ "$pause" -gt 0 ]; then
    echo "setup: could not install all of it; trying again in $pause s" >&2
    sleep "$pause"
  fi
done
exit 1
