#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rebuilds option-price.wasm from option-price.c, or writes the module to the file that is named.
set -eu
cd "$(dirname "$0")"
exec ../build-c.sh option-price.c "${1:-option-price.wasm}"
