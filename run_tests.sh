#!/usr/bin/env bash
# ./run_tests.sh [--all] [options of pytest]: sets up .venv with the development packages and tests.
# --all adds the tests that take minutes, and lets property tests look for new examples.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/environment.sh"
setup requirements-dev.lock

selection=(-m "not long")
if [ "${1:-}" = --all ]; then
  selection=(--hypothesis-profile=search)
  shift
fi
cd "$here"
exec "$python" -m pytest -n 2 "${selection[@]}" "$@"
