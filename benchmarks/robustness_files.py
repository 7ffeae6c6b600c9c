"""Generated bad files through a real run: is each record accounted for, with the right reason?

``python -m benchmarks.robustness files [--files 1000] [--seed 1] [--workers 2]``
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.bad_files import KINDS, READ, SETTINGS, bad_files, found_outcomes
from tests.running import copydesk

_EXPECTED: Final = 0
"""The exit code: some records are read, and nobody set a limit to what may be rejected."""


def main(arguments: Sequence[str]) -> int:
    """Make the files, run, compare, print; 0 if every record is accounted for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness files")
    parser.add_argument(
        "--files", type=int, default=1000, help="at least so many, of each kind alike"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        return _measure(Path(place), -(-given.files // len(KINDS)), given.seed, given.workers)


def _measure(place: Path, per_kind: int, seed: int, workers: int) -> int:
    folder, output = place / "in", place / "out"
    folder.mkdir()
    (place / "settings.toml").write_text(SETTINGS)
    files = list(bad_files(per_kind, seed))
    for file in files:
        file.make(folder / file.name)
    begin = time.monotonic()
    words = ["--settings", str(place / "settings.toml"), "--workers", str(workers)]
    done = copydesk("run", folder, "-o", output, *words)
    seconds = time.monotonic() - begin
    print(f"{len(files):,} files of {len(KINDS)} kinds: code {done.returncode}, {seconds:.0f} s")
    if done.returncode != _EXPECTED:
        print(done.stderr)
        return 1
    found = found_outcomes(output)
    wrong = 0
    total: Counter[str] = Counter()
    for file in files:
        outcomes = found.pop(file.name, Counter())
        total += outcomes
        if outcomes != file.outcomes:
            wrong += 1
            print(f"WRONG {file.name}: expected {dict(file.outcomes)}, found {dict(outcomes)}")
    for name, count in sorted(total.items(), key=lambda item: (item[0] != READ, item[0])):
        print(f"  {name:<22} {count:>6,} records")
    checked = copydesk("verify", output, "--input", folder)
    sound = len(files) - wrong
    print(f"accounted for: {sound:,} of {len(files):,} files; others in the output: {len(found)}")
    print(f"peak memory: {json.loads((output / 'run.json').read_text())['peak_memory_bytes']}")
    print(checked.stdout.strip() or checked.stderr.strip())
    return int(wrong > 0 or bool(found) or checked.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
