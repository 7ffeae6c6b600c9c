"""Remove old outputs of runs whose paths have a date."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.dates import date_reader, fill, has_date
from pipeline.errors import UserError
from pipeline.locking import LockedError, locked
from pipeline.outputs import MANIFEST
from pipeline.publish import is_output, leftover_of, leftovers, remove_output


class DatedOutput(NamedTuple):
    """A place where a run of a day publishes."""

    date: datetime.date
    path: Path
    """Of the output, absolute; it may be gone while leftovers of a run are beside it."""
    above: Path
    """The folder in which the dates begin."""


def find_outputs(pattern: str) -> list[DatedOutput]:
    """The outputs that a pattern names, and outputs that only left something, oldest first.

    Links are not followed below the folder in which the dates begin.

    Raises:
        UserError: the pattern has no whole date, or is no pattern.
    """
    if not has_date(pattern):
        raise UserError(
            f"{pattern} has no date: write the --output of the runs, clean/{{date}} say"
        )
    here = os.getcwd().replace("{", "{{").replace("}", "}}")
    pattern = os.path.normpath(os.path.join(here, pattern))
    return sorted({each for each in _dated(pattern) if _is_ours(each.path)})


def _dated(pattern: str) -> Iterator[DatedOutput]:
    read = date_reader(pattern)
    fixed = pattern[: pattern.index("{date")].rpartition("/")[0]
    above = Path(fill(fixed, datetime.date.max) or "/")
    depth = len(Path(fill(pattern, datetime.date.max)).parts) - len(above.parts)
    for path in _folders(above, depth):
        place = path.with_name(leftover_of(path.name) or path.name)
        date = read(str(place))
        if date is not None:
            yield DatedOutput(date, place, above)


def _folders(above: Path, depth: int) -> Iterator[Path]:
    """The folders so many levels below one, links left out."""
    try:
        entries = [entry for entry in os.scandir(above) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for entry in entries:
        path = above / entry.name
        yield from (path,) if depth == 1 else _folders(path, depth - 1)


def _is_ours(path: Path) -> bool:
    return any(leftovers(path)) or ((path / MANIFEST).is_file() and is_output(path))


def outdated(
    found: Sequence[DatedOutput], *, keep: int | None, before: datetime.date | None
) -> list[DatedOutput]:
    """Those to remove, oldest first.

    Args:
        found: what there is, oldest first.
        keep: how many days with an output stay, the newest.
        before: the first day that stays.
    """
    if keep is not None:
        days = sorted({each.date for each in found if each.path.exists()})
        before = days[-keep] if keep <= len(days) else datetime.date.min
    return [each for each in found if before is not None and each.date < before]


def remove(outputs: Sequence[DatedOutput]) -> Iterator[tuple[DatedOutput, str | None]]:
    """Remove outputs, each whole, with what runs left beside them; and folders of dates, if empty.

    Yields:
        Each output, and why it is still there, ``None`` if it is gone.
    """
    for each in outputs:
        try:
            with locked(each.path):
                if _is_ours(each.path):  # still
                    remove_output(each.path)
        except LockedError as error:
            yield each, str(error)
        except OSError as error:
            yield each, f"{each.path} could not be removed: {error.strerror}"
        else:
            _remove_empty(each)
            yield each, None


def _remove_empty(output: DatedOutput) -> None:
    for folder in output.path.parents:
        if folder == output.above:
            break
        with suppress(OSError):
            folder.rmdir()
