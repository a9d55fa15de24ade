#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rebuilds word-statistics.wasm from word-statistics.c, or writes the module to the file that is named.
set -eu
cd "$(dirname "$0")"
exec ../build-c.sh word-statistics.c "${1:-word-statistics.wasm}"
