#!/usr/bin/env bash
# tsan_tbb.sh FOLDER: oneTBB built from Debian's source with ThreadSanitizer, as FOLDER/lib/libtbb.so.12. With the
# uninstrumented library every parallel loop is reported as a race. Built once, then kept.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
version=$(dpkg-query -W -f='${Version}' libtbb-dev)
compiler=$(g++ -dumpfullversion)
mark="$version g++-$compiler"
if [ ! -e "$folder/lib/libtbb.so.12" ] || [ "$(cat "$folder/built" 2>/dev/null || true)" != "$mark" ]; then
  echo "tsan_tbb: building oneTBB $version with the thread sanitizer, once"
  rm -rf "$folder/source" "$folder/apt" "$folder/lib" "$folder/built"
  mkdir -p "$folder/source" "$folder/apt/lists/partial"

  # The machine's own sources with deb-src beside each deb, in files of our own: its apt configuration stays as it is.
  mkdir -p "$folder/apt/parts"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    sed -n 's/^deb \(.*debian\.org.*\)$/deb-src \1/p' "$file" >>"$folder/apt/sources.list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    if grep -q 'debian\.org' "$file"; then
      sed 's/^Types:.*/Types: deb-src/' "$file" >"$folder/apt/parts/$(basename "$file")"
    fi
  done
  if [ ! -s "$folder/apt/sources.list" ] && [ -z "$(ls "$folder/apt/parts")" ]; then
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    echo "deb-src http://deb.debian.org/debian $codename main" >"$folder/apt/sources.list"
  fi
  apt_options=(-o Dir::Etc::sourcelist="$folder/apt/sources.list" -o Dir::Etc::sourceparts="$folder/apt/parts"
               -o Dir::State::lists="$folder/apt/lists" -o Dir::Cache="$folder/apt" -o APT::Sandbox::User=root
               -o Acquire::Retries=5)
  download() (
    cd "$folder/source" && apt-get "${apt_options[@]}" update -qq &&
      { apt-get "${apt_options[@]}" source --download-only -qq "onetbb=$version" ||
        apt-get "${apt_options[@]}" source --download-only -qq onetbb; }
  )
  if ! { download || { sleep 10; download; } || { sleep 60; download; } || { sleep 180; download; }; } </dev/null; then
    echo "tsan_tbb: cannot get the source of onetbb $version (deb-src of deb.debian.org)." >&2
    echo "tsan_tbb: without it the thread sanitizer reports every parallel loop; not running it." >&2
    exit 1
  fi
  dpkg-source --no-check -x "$folder"/source/onetbb_*.dsc "$folder/source/tree" >/dev/null
  cmake -S "$folder/source/tree" -B "$folder/source/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DTBB_SANITIZE=thread -DTBB_STRICT=OFF -DTBB_TEST=OFF -DTBB_EXAMPLES=OFF -DTBB4PY_BUILD=OFF \
        >"$folder/configure.log"
  cmake --build "$folder/source/build" --target tbb tbbmalloc >"$folder/build.log"
  mkdir "$folder/lib"
  cp -P "$folder"/source/build/*/libtbb.so* "$folder"/source/build/*/libtbbmalloc.so* "$folder/lib"
  echo "tsan_tbb: building oneTBB $version with the thread sanitizer, once"
  rm -rf "$folder/source" "$folder/apt"
  echo "$mark" >"$folder/built"
fi
