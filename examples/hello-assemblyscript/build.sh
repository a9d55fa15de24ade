#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rebuilds hello.wasm from hello.ts, or writes the module to the file that is named.
set -eu
cd "$(dirname "$0")"
if ! command -v npm >/dev/null 2>&1; then
  echo "Building a task from AssemblyScript needs npm; install it with: sudo apt-get install nodejs npm" >&2
  exit 1
fi
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund --silent
exec node_modules/.bin/asc hello.ts --config asconfig.json --outFile "${1:-hello.wasm}"
