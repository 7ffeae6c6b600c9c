"""Records that take too much of the machine: stopped, told, and nobody else's fault."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.verify import verify
from tests.running import clean, contents, copydesk, records, write_files
from transforms.block import Block
from transforms.document import Record
from transforms.settings import DecodeSettings, Settings, SplitSettings, WatchSettings
from transforms.single import decode_block, split_block
from transforms.watching import decode_watched, split_watched

GOOD = (
    "<!DOCTYPE html><h1>Bridge</h1><p>The council met on Monday to discuss number {}, a bridge.</p>"
)
WATCH = WatchSettings(seconds=1.0, memory_bytes=256 << 20)
SLOW = "<!DOCTYPE html>" + ("<p " + " ".join(f"a{n}" for n in range(9_999)) + ">x") * 20
"""The parser takes time with the square of the attributes: three seconds here."""
LARGE = "<!DOCTYPE html>" + "<b>x</b>" * 900_000
LIMITS = """
[watch]
seconds = 1
memory_bytes = 268_435_456
[split]
max_attributes = 10_000
max_nodes = 10_000_000
"""


def block(*pages: str) -> Block:
    made = tuple(
        Record(id=str(at), source=f"{at}.html", data=page.encode()) for at, page in enumerate(pages)
    )
    return Block(index=0, records=made)


def test_what_takes_little_comes_out_as_if_nobody_watched() -> None:
    pages = block(GOOD.format(1), "", GOOD.format(2))
    watched = decode_watched(pages, DecodeSettings(), WATCH)
    assert watched == decode_block(pages, DecodeSettings())
    assert [letter.error for letter in watched.rejected] == ["empty-record"]
    assert split_watched(watched, SplitSettings(), DecodeSettings(), WATCH) == split_block(
        watched, SplitSettings(), DecodeSettings()
    )


def test_a_page_that_takes_too_much_costs_itself_and_the_run_says_so(tmp_path: Path) -> None:
    pages = {"1.html": GOOD.format(1), "2.html": SLOW, "3.html": LARGE, "4.html": GOOD.format(2)}
    folder = write_files(tmp_path / "in", pages)
    (tmp_path / "s.toml").write_text(LIMITS)
    output = tmp_path / "out"
    done = copydesk("run", folder, "-o", output, "--settings", tmp_path / "s.toml")
    assert done.returncode == 3
    assert "not reproducible" in done.stderr
    assert "took-too-long 1" in done.stderr
    assert json.loads((output / "run.json").read_text())["reproducible"] is False
    slow, large = records(output, "rejected")
    assert (slow["source"], slow["error"]) == ("2.html", "took-too-long")
    assert "raise watch.seconds" in slow["message"]
    assert (large["source"], large["error"]) == ("3.html", "took-too-much-memory")
    assert "268,435,456 bytes" in large["message"]
    assert [row["id"] for row in records(output, "documents")] == ["1.html", "4.html"]
    assert verify(output, [str(folder)]).problems == []  # does not try these again


def test_a_watched_run_writes_the_same_records(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {f"{n}.html": GOOD.format(n) for n in range(5)})
    plain = contents(clean(tmp_path / "plain", folder))
    watched = contents(clean(tmp_path / "watched", folder, settings=Settings(watch=WATCH)))
    assert json.loads((tmp_path / "watched" / "run.json").read_text())["reproducible"] is True
    plain.pop("manifest.json")
    watched.pop("manifest.json")
    assert plain == watched
