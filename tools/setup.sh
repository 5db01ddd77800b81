#!/usr/bin/env bash
# Everything that Guitai needs on this machine, safe to repeat and quick the second time.
#   tools/setup.sh start   for the training shop        tools/setup.sh test   adds what the tests need
# GUITAI_SETUP_NO_SYSTEM=1 leaves the system's packages alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
purpose=${1:-start}

say() { printf '[set-up] %s\n' "$*"; }

# --- 1. system packages -----------------------------------------------------------------------------------
need=()
want() { need+=("$1"); }
there() { compgen -G "$1" >/dev/null; }
library() { there "/usr/lib/*/$1*" || there "/lib/*/$1*" || there "/usr/lib/$1*" || there "/usr/lib64/$1*"; }
command -v pcscd >/dev/null || [ -x /usr/sbin/pcscd ] || want pcscd
[ -e /usr/include/PCSC/winscard.h ] || want libpcsclite-dev
there '/usr/lib/pcsc/drivers/serial/libifdvpcd*' || want vsmartcard-vpcd
library libusb-1.0.so.0 || want libusb-1.0-0
library libudev.so.1 || want libudev1
command -v socat >/dev/null || want socat
command -v g++ >/dev/null || want g++
command -v cc >/dev/null || want gcc
command -v make >/dev/null || want make
command -v python3 >/dev/null || want python3
if [ "$purpose" = test ]; then
  command -v chromium >/dev/null || want chromium
  there '/usr/lib/softhsm/libsofthsm2.so' || want softhsm2
  command -v sqlite3 >/dev/null || want sqlite3
  there '/usr/share/fonts/*/*/*CJK*' || fc-list :lang=zh 2>/dev/null | grep -q . || want fonts-noto-cjk
fi

if [ ${#need[@]} -gt 0 ] && [ -z "${GUITAI_SETUP_NO_SYSTEM:-}" ] && command -v apt-get >/dev/null; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo); else as_root=(false); fi
  fi
  if [ "${as_root[0]:-}" != false ]; then
    say "installing ${need[*]}"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
    need=()
  fi
fi
if [ ${#need[@]} -gt 0 ]; then
  say "not installed: ${need[*]}"
  say "as root, run:  apt-get install ${need[*]}"
  say "going on without: cards are then read by the in-process reader"
fi

# --- 2. npm packages --------------------------------------------------------------------------------------
# Native packages compile against the headers that came with this Node; node-gyp would otherwise look for
# them on the net.
prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
if [ -e "$prefix/include/node/node.h" ]; then export npm_config_nodedir="$prefix"; fi
# better-sqlite3 would first ask a download site for a binary. With a compiler here it is built instead: the
# address below answers nothing, at once. (npm's own build_from_source would make node-hid compile as well.)
if command -v g++ >/dev/null && command -v python3 >/dev/null; then
  export npm_config_better_sqlite3_binary_host=http://127.0.0.1:9
fi

packages_key=$(
  { node -p 'process.version + process.arch'; cat package-lock.json; ls /usr/include/PCSC/winscard.h 2>/dev/null || true; } |
    sha256sum | cut -c1-32
)
if [ "$(cat node_modules/.guitai-key 2>/dev/null || true)" != "$packages_key" ]; then
  say "installing npm packages (the first time compiles three of them: about two minutes)"
  npm ci --no-audit --no-fund --loglevel=error
  printf '%s' "$packages_key" >node_modules/.guitai-key
fi

# --- 3. build ---------------------------------------------------------------------------------------------
source_key=$(
  {
    find src drivers state-machines catalog receipts bench types tools -type f 2>/dev/null | LC_ALL=C sort |
      xargs -d '\n' sha256sum
    sha256sum package.json tsconfig.json
    printf '%s' "$packages_key"
  } | sha256sum | cut -c1-32
)
if [ "$(cat dist/.guitai-key 2>/dev/null || true)" != "$source_key" ]; then
  say "building"
  rm -rf dist
  npm run --silent build
  if command -v cc >/dev/null && [ -e tools/nodelay.c ]; then
    mkdir -p dist/tools
    cc -shared -fPIC -O2 -o dist/tools/nodelay.so tools/nodelay.c -ldl ||
      say "tools/nodelay.c did not compile: the virtual reader stays slow"
    cc -shared -fPIC -O2 -pthread -o dist/tools/record-io.so tools/record-io.c -ldl ||
      say "tools/record-io.c did not compile: power cuts are not rehearsed"
  fi
  printf '%s' "$source_key" >dist/.guitai-key
fi
