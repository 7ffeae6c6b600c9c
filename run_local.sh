#!/usr/bin/env bash
# ./run_local.sh [INPUT...] [-o OUTPUT] [options of `copydesk run`, as --name=value]
# Sets up .venv, then cleans INPUT (the five fixture articles by default) into OUTPUT (out/).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/environment.sh"
setup requirements.lock

has_input=no
has_output=no
previous=
for argument in "$@"; do
  case $argument in
    -o | --output | -o?* | --output=*) has_output=yes ;;
    -*) ;;
    *) [ "$previous" = -o ] || [ "$previous" = --output ] || has_input=yes ;;
  esac
  previous=$argument
done
[ $has_input = yes ] || set -- "$here/fixtures/articles" "$@"
# Only the default output is this script's to replace.
[ $has_output = yes ] || set -- "$@" --output "$here/out" --overwrite
# -P: a folder of the caller's that is called like a module is not run.
exec "$python" -P -m pipeline run "$@"
