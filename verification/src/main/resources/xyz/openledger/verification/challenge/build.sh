#!/bin/sh
# Builds challenge.wasm. Needs clang, lld, wasi-libc and libclang-rt-dev for wasm32 (Debian packages of these names).
set -eu
cd "$(dirname "$0")"
command -v clang >/dev/null || {
  echo "build.sh: clang is needed; install it (Debian: apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32)." >&2
  exit 1
}
clang --target=wasm32-wasi -mcpu=mvp -std=c11 -O2 -fno-ident -ffp-contract=off -Wall -Werror -Wl,--strip-all -o challenge.wasm challenge.c
chmod 644 challenge.wasm
