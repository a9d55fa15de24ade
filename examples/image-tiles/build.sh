#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rebuilds image-tiles.wasm from image-tiles.c, or writes the module to the file that is named.
set -eu
cd "$(dirname "$0")"
exec ../build-c.sh image-tiles.c "${1:-image-tiles.wasm}"
