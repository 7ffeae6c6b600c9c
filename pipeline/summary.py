"""The summary for people at the end of a run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from pipeline.outputs import REPORT, Manifest, Tally

_STATUS_WORDS = {
    "kept": "kept",
    "emptied": "emptied (nothing left)",
    "duplicate": "duplicates of another",
    "rejected": "rejected (unreadable)",
}

_REPORTED = {"document": "near-copied document"}
"""What is said of a report, where its name alone does not."""


def summary(manifest: Manifest, output: Path, seconds: float) -> str:
    """What went in, what came out, what went by reason, where to look next."""
    return "\n".join(_lines(manifest.counts, output, seconds))


def _lines(counts: Tally, output: Path, seconds: float) -> Iterator[str]:
    yield from count_lines(counts, seconds)
    yield ""
    yield f"clean documents   {output / 'documents'}"
    yield f"what was removed  {output / 'removed'}"
    if counts.errors:
        yield f"what was rejected {output / 'rejected'}"
    if (output / REPORT).is_file():
        yield f"look at it        {output / REPORT}"
    yield f"check it          copydesk verify {shlex.quote(str(output))}"


def count_lines(counts: Tally, seconds: float) -> Iterator[str]:
    """What went in, what came out, what went by reason."""
    statuses = ", ".join(
        f"{counts.statuses[name]:,} {words}"
        for name, words in _STATUS_WORDS.items()
        if counts.statuses.get(name)
    )
    yield f"{_plural(counts.records, 'record')} in {seconds:.1f} s: {statuses}"
    if counts.characters_in:
        share = counts.characters_out / counts.characters_in
        yield (
            f"{_plural(counts.paragraphs_in, 'paragraph')} in, {counts.paragraphs_out:,} out; "
            f"{counts.characters_in:,} characters in, {counts.characters_out:,} out ({share:.1%})"
        )
    gone = {name: count for name, count in counts.verdicts.items() if name != "keep"}
    if gone:
        yield ""
        yield "removed paragraphs"
    for verdict, count in sorted(gone.items(), key=lambda item: (-item[1], item[0])):
        characters = _characters_of(counts, verdict)
        yield f"  {verdict:<22} {count:>9,}  {characters:>12,} characters"
        if verdict == "boilerplate":
            for reason, times in sorted(counts.reasons.items(), key=lambda i: (-i[1], i[0])):
                yield (
                    f"    {reason:<20} {times:>9,}  "
                    f"{counts.removed_characters.get(reason, 0):>12,} characters"
                )
    yield from _table("marked paragraphs (text kept)", counts.flags)
    yield from _table(
        "near-copies that stay (sources/ names the survivor), found by", counts.near_copies
    )
    yield from _table(
        "reported only (nothing was done)",
        {_REPORTED.get(name, name): count for name, count in counts.reported.items()},
    )
    yield from _table("rejected records", counts.errors)


def _characters_of(counts: Tally, verdict: str) -> int:
    if verdict == "boilerplate":
        return sum(counts.removed_characters.get(reason, 0) for reason in counts.reasons)
    return counts.removed_characters.get(verdict, 0)


def _table(title: str, counts: dict[str, int]) -> Iterator[str]:
    if counts:
        yield ""
        yield title
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            yield f"  {name:<22} {count:>9,}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
