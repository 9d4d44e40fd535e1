#!/usr/bin/env bash
# Put uv at $1, using only what a fresh machine has: Python, or pip, or Debian's package manager.
set -euo pipefail
target=$1
home=$(dirname "$(dirname "$target")")

if command -v uv >/dev/null 2>&1; then
  mkdir -p "$(dirname "$target")"
  ln -sf "$(command -v uv)" "$target"
  exit 0
fi
echo "==> Installing uv (it installs everything else) into $home"
if ! command -v python3 >/dev/null 2>&1; then
  echo "error: python3 is missing; install Python 3.11 or newer, then run this again" >&2
  exit 4
fi
rm -rf "$home"
if python3 -m venv "$home" >/dev/null 2>&1; then
  "$home/bin/python" -m pip install --quiet uv
elif python3 -m pip --version >/dev/null 2>&1; then
  rm -rf "$home"
  python3 -m pip install --quiet --target "$home/lib" uv
  mkdir -p "$home/bin"
  ln -sf "$home/lib/bin/uv" "$target"
elif command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "==> python3 has neither venv nor pip: installing Debian's python3-venv"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
  rm -rf "$home"
  python3 -m venv "$home"
  "$home/bin/python" -m pip install --quiet uv
else
  echo "error: python3 has neither venv nor pip; install one (Debian: apt-get install python3-venv)" >&2
  exit 4
fi
"$target" --version
