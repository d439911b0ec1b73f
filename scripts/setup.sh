#!/usr/bin/env bash
# The whole set-up from a fresh clone: system packages, a Python 3.13, .venv, the build.
#
#   scripts/setup.sh [release|check|debug] [--with REQUIREMENTS]...
#
# release: optimised, as in a wheel.  check: the same with the unit tests and the IR
# verifier.  debug: -O1 -g with the verifier.  Whichever was set up last is what
# .venv/bin/python imports. Steps that are already done are skipped, so a second call takes
# a second or two. PYTHON=/path/to/python3.13 chooses the interpreter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

variant=release
requirements=(requirements-dev.txt)
while [ $# -gt 0 ]; do
  case $1 in
    release | check | debug) variant=$1 ;;
    --with) shift; requirements+=("$1") ;;
    *) echo "setup: unknown argument '$1' (release, check, debug, --with FILE)" >&2; exit 2 ;;
  esac
  shift
done

dim='' plain=''
if [ -t 2 ]; then dim=$'\033[2m' plain=$'\033[0m'; fi
say() { printf '%s-- %s%s\n' "$dim" "$*" "$plain" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# ------------------------------------------------------------------ system packages
# apt-get as root. Another one that holds a lock is waited for, but not for ever.
apt() {
  local errors lock tries
  for ((tries = 0; tries < 120; tries++)); do
    # `env` carries the settings through sudo, which drops the environment.
    errors=$("${sudo[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" 2>&1 >/dev/null) && return
    lock=${errors#*Could not get lock }
    [ "$lock" != "$errors" ] || break
    [ $tries -gt 0 ] || say "waiting, ten minutes at most, for the lock ${lock%%$'\n'*}"
    sleep 5
  done
  printf '%s\n' "$errors" >&2
  return 1
}

# asmjit and Zydis are pinned to Debian 12's versions: their interfaces change between
# releases, and the code is written to these.
packages=(g++ cmake ninja-build binutils libgtest-dev
  'libasmjit-dev=0.0~git20221210*' 'libzydis-dev=4.0*')
if [ -f tests/apt-packages.txt ]; then
  while read -r package _; do
    case $package in '' | \#*) ;; *) packages+=("$package") ;; esac
  done <tests/apt-packages.txt
fi
missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Abbrev}' "${package%%=*}" 2>/dev/null || true)
  [ "${state:0:2}" = ii ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null ||
    fail "these packages are needed and there is no apt-get to install them: ${missing[*]}"
  sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "run as root or install sudo, then again: apt-get install ${missing[*]}"
    sudo=(sudo)
  fi
  say "installing ${missing[*]}"
  apt update || fail "apt-get could not read the lists of packages"
  apt install -y --no-install-recommends "${missing[@]}" || fail "apt-get could not install: ${missing[*]}"
fi

# ------------------------------------------------------------------ a Python 3.13
# A usable one is a plain release build with its headers and the venv module.
python_fault() {
  "$1" -I - 2>/dev/null <<'PY' || echo "does not start"
import os, sys, sysconfig
def fault():
    if sys.implementation.name != "cpython" or sys.version_info[:2] != (3, 13):
        return "is not CPython 3.13"
    if "t" in sys.abiflags or "d" in sys.abiflags:
        return "is a free-threaded or debug build"
    if not os.path.exists(os.path.join(sysconfig.get_path("include"), "internal", "pycore_frame.h")):
        return "lacks its headers (install python3.13-dev)"
    try:
        import ensurepip, venv
    except ImportError:
        return "lacks the venv module (install python3.13-venv)"
print(fault() or "")
PY
}

find_python() {
  local candidate fault
  if [ -n "${PYTHON:-}" ]; then
    candidate=$(command -v "$PYTHON") || fail "PYTHON=$PYTHON does not exist"
    fault=$(python_fault "$candidate")
    [ -z "$fault" ] || fail "PYTHON=$PYTHON $fault"
    echo "$candidate"
    return
  fi
  local candidates=()
  candidates+=("${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python3.13)
  candidates+=("$(command -v python3.13 || true)" /usr/bin/python3.13 /usr/local/bin/python3.13 /opt/python*/bin/python3.13)
  candidates+=("$HOME"/.local/share/uv/python/cpython-3.13.*/bin/python3.13)
  candidates+=("$(command -v python3 || true)")
  for candidate in "${candidates[@]}"; do
    [ -n "$candidate" ] && [ -x "$candidate" ] || continue
    fault=$(python_fault "$candidate")
    if [ -z "$fault" ]; then
      echo "$candidate"
      return
    fi
    [ "$fault" = "is not CPython 3.13" ] || [ "$fault" = "does not start" ] || say "$candidate $fault"
  done
  cat >&2 <<'TEXT'
setup: no CPython 3.13 found. Any of these brings one:
  pyenv:      apt-get install build-essential libssl-dev zlib1g-dev libbz2-dev libreadline-dev \
                libsqlite3-dev libffi-dev liblzma-dev && pyenv install 3.13
  uv:         pip install uv && uv python install 3.13
  Debian 13:  apt-get install python3.13-dev python3.13-venv
or say where it is: PYTHON=/path/to/python3.13
TEXT
  exit 1
}

venv_is_good() { [ -x .venv/bin/python ] && [ -z "$(python_fault .venv/bin/python)" ]; }
if [ -n "${PYTHON:-}" ] || ! venv_is_good; then
  python=$(find_python)
  home=$("$python" -I -c 'import sys; print(sys.base_prefix, sys.version)')
  if ! venv_is_good || [ "$(.venv/bin/python -I -c 'import sys; print(sys.base_prefix, sys.version)')" != "$home" ]; then
    say "creating .venv with $python"
    rm -rf .venv build/release build/check build/debug
    "$python" -m venv .venv
  fi
fi

for file in "${requirements[@]}"; do
  [ -f "$file" ] || continue
  stamp=.venv/.stamp-$(echo "$file" | tr / -)
  if ! cmp -s "$file" "$stamp"; then
    say "installing $file"
    .venv/bin/pip install -q --disable-pip-version-check -r "$file" || fail "pip could not install $file"
    cp "$file" "$stamp"
  fi
done

# ------------------------------------------------------------------ the build
flags=(-DCMAKE_BUILD_TYPE=Release)
case $variant in
  check) flags+=(-DOVERDRIVE_TESTS=ON) ;;
  debug) flags=(-DCMAKE_BUILD_TYPE=Debug -DOVERDRIVE_TESTS=ON) ;;
esac
build=build/$variant
mkdir -p build
if [ ! -f $build/build.ninja ]; then
  say "configuring $build"
  cmake -S . -B $build -G Ninja -DPython_EXECUTABLE="$root/.venv/bin/python" "${flags[@]}" >$build.log 2>&1 ||
    { cat $build.log >&2; fail "cmake could not configure $build"; }
fi
ninja -C $build --quiet | { grep -v "no work to do" >&2 || true; } || fail "the build in $build failed"
for component in extension page; do
  cmake --install $build --prefix . --component $component >/dev/null
done

# .venv sees the source tree: the package from overdrive/, the start-up hook, the command.
site=$(echo .venv/lib/python3.13/site-packages)
{ echo "$root"; cat packaging/overdrive.pth; } >$site/overdrive-dev.pth.new
cmp -s $site/overdrive-dev.pth.new $site/overdrive-dev.pth || cp $site/overdrive-dev.pth.new $site/overdrive-dev.pth
rm -f $site/overdrive-dev.pth.new
cmp -s src/profile/overdrive_profile.pth $site/overdrive_profile.pth || cp src/profile/overdrive_profile.pth $site/
cat >.venv/bin/overdrive <<SCRIPT
#!$root/.venv/bin/python
import sys
from overdrive._launch import main
if __name__ == "__main__":
    sys.exit(main())
SCRIPT
chmod +x .venv/bin/overdrive
