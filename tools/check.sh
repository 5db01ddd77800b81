#!/usr/bin/env bash
# Types (product, tests, pages), lint and format, architecture.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
npx --no-install tsc -p tsconfig.json --noEmit
npx --no-install tsc -p tsconfig.test.json
npx --no-install tsc -p src/ui/tsconfig.json
npx --no-install biome check --error-on-warnings .
if [ "${1:-}" != --no-architecture ]; then npx --no-install vitest run --reporter=dot test/architecture.test.ts; fi
