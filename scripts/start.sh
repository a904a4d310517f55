#!/bin/sh
# `npm start` and services: becomes the server, so that no idle process of Node stands above it.
set -eu
cd "$(dirname "$0")/.."
bun=node_modules/.bin/bun
# npm does not run `prestart` when install scripts are switched off.
[ -x "$bun" ] || node scripts/ensure.mjs
exec "$bun" src/cli/index.ts serve "$@"
