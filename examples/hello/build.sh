#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rebuilds hello.wasm from hello.c, or writes the module to the file that is named.
set -eu
cd "$(dirname "$0")"
exec ../build-c.sh hello.c "${1:-hello.wasm}"
