#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds one C file into one WebAssembly task module:
#
#   examples/build-c.sh hello.c hello.wasm
#
# The same source and the same Debian clang 14 give the same bytes on every machine, so that anyone
# can check that a committed module is what its source says.
set -eu

[ $# -eq 2 ] || { echo "usage: build-c.sh SOURCE.c MODULE.wasm" >&2; exit 2; }
source=$1
module=$2

install='sudo apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32'
if ! command -v clang >/dev/null 2>&1 || ! command -v wasm-ld >/dev/null 2>&1 \
    || [ ! -e /usr/include/wasm32-wasi/stdio.h ]; then
  echo "Building a task from C needs clang, lld and wasi-libc; install them with: $install" >&2
  exit 1
fi

# -mcpu=mvp         the first WebAssembly, which every engine runs: no vectors, no threads
# -ffp-contract=off a product and a sum stay two roundings, on every machine
# --stack-first     a stack that grows too far traps instead of writing over the data
# --max-memory      the most memory the module will ever ask for (16 MiB)
# --strip-all       no names and no build paths: the bytes depend on the source alone
clang --target=wasm32-wasi -mcpu=mvp -std=c11 -O2 -ffp-contract=off \
  -Wall -Wextra -fno-ident \
  -Wl,--stack-first -Wl,-z,stack-size=65536 -Wl,--max-memory=16777216 -Wl,--strip-all \
  -o "$module" "$source" -lm
# The linker marks what it writes as a program; a module is data.
chmod 644 "$module"
