#!/bin/sh
# Builds the test programs beside their sources into src/test/resources/programs. The built modules are committed, so
# that the tests need no compiler. Needs: apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32 wabt
set -eu
cd "$(dirname "$0")"
out=../resources/programs
mkdir -p "$out"
for source in *.c; do
  clang --target=wasm32-wasi -O2 -ffp-contract=off -Wl,--strip-all -o "$out/${source%.c}.wasm" "$source"
done
for source in *.wat; do
  wat2wasm -o "$out/${source%.wat}.wasm" "$source"
done
