"""Does copydesk stand what the open web holds?  ``python -m benchmarks.robustness COMMAND``.

``files``: generated bad files, each accounted for; ``time``: adversarial documents against ordinary
ones; ``patterns``: every regular expression and parser, 1 MB against half of it; ``fuzz`` and
``mutants``: what the tests of single functions miss.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

_COMMANDS: Final = ("files", "time", "patterns", "fuzz", "mutants")


def main(arguments: Sequence[str]) -> int:
    """Run the command that the first word names; each is ``main(arguments)`` of its own module."""
    if not arguments or arguments[0] not in _COMMANDS:
        print(f"usage: python -m benchmarks.robustness {{{','.join(_COMMANDS)}}} ...")
        return 2
    module = importlib.import_module(f"benchmarks.robustness_{arguments[0]}")
    return int(module.main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
