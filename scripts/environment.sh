#!/usr/bin/env bash
# Builds one of the environments: scripts/environment.sh service|nlu|tuning
# Needs uv, or a Python 3.11+ to install uv with (into .tools/); finds the right Python itself.
set -eu
cd "$(dirname "$0")/.."

# A Python of a version (3.10, 3.11) or newer that really runs: pyenv's shims may exist and fail.
works() { "$1" -c "import sys; sys.exit(0 if sys.version_info[:2] $2 else 1)" >/dev/null 2>&1; }
find_python() { # $1: condition on (major, minor); then candidates
  condition=$1; shift
  for candidate in "$@"; do
    if works "$candidate" "$condition"; then command -v "$candidate"; return 0; fi
  done
  return 1
}
pyenv=${PYENV_ROOT:-$HOME/.pyenv}/versions
newer() { find_python "in ((3,11),(3,12),(3,13),(3,14))" python3.12 python3.11 python3.13 python3 \
  "$pyenv"/3.12*/bin/python3 "$pyenv"/3.11*/bin/python3 "$pyenv"/3.13*/bin/python3; }
ten() { find_python "== (3,10)" python3.10 python3 "$pyenv"/3.10*/bin/python3; }

find_uv() {
  if uv --version >/dev/null 2>&1; then echo uv; return 0; fi
  if [ -x .tools/bin/uv ]; then echo .tools/bin/uv; return 0; fi
  python=$(newer) || {
    echo "rahnuma: neither uv nor Python 3.11 or newer was found; install one of them" >&2; return 1; }
  echo "  installing uv into .tools (once)" >&2
  "$python" -m venv .tools >&2 || {
    echo "rahnuma: $python can't make environments; install its venv package (Debian: python3-venv)" >&2
    return 1; }
  .tools/bin/pip install --quiet --disable-pip-version-check uv >&2 || {
    echo "rahnuma: uv could not be installed; is the package index reachable?" >&2; return 1; }
  echo .tools/bin/uv
}

uv=$(find_uv) || exit 1
case ${1:-} in
  service)
    # without a Python here, uv fetches one by itself
    python=$(newer) || python=3.12
    "$uv" sync --quiet --frozen --python "$python"
    ;;
  nlu)
    # the last open Rasa runs on Python 3.10 only; without one here, uv fetches it by itself
    python=$(ten) || python=3.10
    UV_PROJECT_ENVIRONMENT=.venv "$uv" sync --quiet --frozen --project nlu --python "$python" || {
      echo "rahnuma: the NLU environment needs Python 3.10: install python3.10 (or let uv fetch it)" >&2
      exit 1; }
    ;;
  tuning)
    # PyTorch's default build for Linux holds CUDA (gigabytes); the build for CPUs is enough. Where
    # PyTorch's own index can't be reached, pip takes what the index of this machine has.
    [ -x nlu/tuning/.venv/bin/python ] || "$uv" venv --quiet --seed --python "$(newer)" nlu/tuning/.venv
    "$uv" pip install --quiet --python nlu/tuning/.venv/bin/python --torch-backend cpu \
      -r nlu/tuning/requirements.txt ||
      nlu/tuning/.venv/bin/python -m pip install --quiet --disable-pip-version-check \
        -r nlu/tuning/requirements.txt
    ;;
  *) echo "usage: scripts/environment.sh service|nlu|tuning" >&2; exit 2 ;;
esac
