#!/bin/sh
# For `npm start` and service managers: execs the server, so that no idle Node process remains as its parent.
set -eu
cd "$(dirname "$0")/.."
bun=node_modules/.bin/bun
# npm does not run `prestart` when install scripts are switched off.
[ -x "$bun" ] || node scripts/ensure.mjs
exec "$bun" src/cli/index.ts serve "$@"
