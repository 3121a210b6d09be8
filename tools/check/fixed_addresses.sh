#!/usr/bin/env bash
# Runs a command without address space randomisation where the kernel lets us: g++ 12's ThreadSanitizer stops with
# "unexpected memory mapping" under kernels that randomise 32 bits (vm.mmap_rnd_bits).
set -euo pipefail
if setarch "$(uname -m)" -R true 2>/dev/null; then
  exec setarch "$(uname -m)" -R "$@"
fi
exec "$@"
