# Sourced by run_local.sh and run_tests.sh: makes .venv and keeps it as the lock says.
# Needs $here, the project's folder.  Sets $python, the environment's interpreter.

fail() {
  printf 'copydesk: %s\n' "$1" >&2
  exit 1
}

# The first interpreter that is new enough and can make an environment.
find_python() {
  local candidate found="none"
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14 python; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$candidate" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$candidate cannot make environments: install its venv package (python3-venv on Debian)"
      command -v "$candidate"
      return
    fi
    found=$("$candidate" -c 'import platform; print(platform.python_version())' 2>/dev/null ||
      printf '%s' "$found")
  done
  fail "Python 3.11 or newer is needed (found: $found): install it, or set PYTHON=/path/to/python3"
}

# One process at a time sets up; the lock (a link to its process) of one that died is taken over.
lock_setup() {
  local owner
  until ln -s $$ "$here/.venv.lock" 2>/dev/null; do
    owner=$(readlink "$here/.venv.lock" || true)
    [ -n "$owner" ] || [ -w "$here" ] || fail "cannot write to $here, where .venv belongs"
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -f "$here/.venv.lock"
    else
      sleep 1
    fi
  done
  trap 'rm -f "$here/.venv.lock"' EXIT
}

unlock_setup() {
  rm -f "$here/.venv.lock"
  trap - EXIT
}

# What an environment was made from: a change of any of it makes a new setup.
stamp_of() {
  cksum "$here/$1" "$here/pyproject.toml" "$here/pipeline/__init__.py" |
    cut -d' ' -f1,2 | tr '\n' ' '
  printf '%s' "$here"
}

is_ready() {
  [ -f "$here/.venv/$1.stamp" ] && [ "$(cat "$here/.venv/$1.stamp")" = "$2" ]
}

# setup LOCKFILE: install what the lock file pins, and the project itself, once for each lock.
setup() {
  local lock=$1 stamp
  python="$here/.venv/bin/python"
  stamp=$(stamp_of "$lock")
  if is_ready "$lock" "$stamp"; then
    return
  fi
  lock_setup
  if is_ready "$lock" "$stamp"; then # by the process that held the lock
    unlock_setup
    return
  fi
  local found log="$here/.venv/setup.log"
  found=$(find_python) || exit 1
  if ! "$python" -c '' 2>/dev/null || [ "$(cat "$here/.venv/folder" 2>/dev/null)" != "$here" ]; then
    rm -rf "$here/.venv"
    "$found" -m venv "$here/.venv" || fail "$found could not make the environment $here/.venv"
    printf '%s' "$here" >"$here/.venv/folder"
  fi
  printf 'copydesk: setting up %s (once; about a minute)\n' ".venv" >&2
  "$python" -m pip install --disable-pip-version-check --quiet --require-hashes \
    -r "$here/$lock" >"$log" 2>&1 ||
    fail "packages could not be installed (is the package index reachable?): $(tail -n 1 "$log")"
  "$python" -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation \
    -e "$here" >"$log" 2>&1 ||
    fail "copydesk itself could not be installed: $(tail -n 1 "$log")"
  printf '%s' "$stamp" >"$here/.venv/$lock.stamp"
  unlock_setup
}
