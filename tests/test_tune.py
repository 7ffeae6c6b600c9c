"""The advisor: what a user reads, and that it is the same every time."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.blocks import cut_files
from pipeline.cli import main
from pipeline.sources import InputFile
from pipeline.terminal import columns
from pipeline.tune import choose
from tests.running import write_files
from transforms.block import Block
from transforms.settings import DecodeSettings
from transforms.single import decode_block

BASE = (
    "The town council voted on Monday for a new bridge over the river and the mayor said that"
    " {} would start soon."
)
CLOSING = (
    "A storm tore the roof off the market hall and left hundreds of traders without a stall.",
    "Teachers at the secondary school plan to strike over the shortage of classrooms next week.",
    "Doctors at the hospital opened a clinic where patients are seen without an appointment.",
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    hostile = "\x1b]0;x\x07" + BASE.format("橋" * 60)
    lines = [BASE.format("workers"), BASE.format("builders"), hostile]
    files = {f"{n}.txt": f"{line}\n{CLOSING[n]}" for n, line in enumerate(lines)}
    return write_files(tmp_path / "in", files)


def tune(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["tune", *map(str, words)])
    return result.exit_code, result.output


def test_every_threshold_has_a_table_and_pairs_to_read(source: Path) -> None:
    code, said = tune(source)
    assert code == 0
    lines = said.splitlines()
    assert lines[0].startswith("3 documents of 3 files, 6 paragraphs.")
    for name in (
        "near_duplicates.short_jaccard",
        "near_duplicates.long_jaccard",
        "restatements.min_jaccard",
        "judge.lean",
    ):
        assert name in lines
    assert sum(line.startswith("  * ") for line in lines) == 4
    at = lines.index("  go now:")
    assert "Jaccard 0." in lines[at + 1]
    assert lines[at + 2].strip() in ("this: 0.txt 0", "this: 1.txt 0")
    assert "[builders]" in said
    assert "[workers]" in said


def test_the_terminal_is_safe_and_80_columns_wide(source: Path) -> None:
    _, said = tune(source)
    assert "\x1b" not in said
    for line in said.splitlines():
        assert columns(line) <= 80
        assert line.isprintable()


def test_the_same_sample_gives_the_same_advice(source: Path) -> None:
    assert tune(source) == tune(*sorted(source.iterdir(), reverse=True))


def test_settings_move_the_bar_that_is_marked(source: Path, tmp_path: Path) -> None:
    path = write_files(tmp_path, {"s.toml": "[near_duplicates]\nshort_jaccard = 0.97\n"}) / "s.toml"
    _, said = tune(source, "--settings", path)
    assert "  *   0.97" in said
    assert "  none go now" in said


def test_the_sample_is_bounded_and_spread(source: Path) -> None:
    assert tune(source, "--documents", "2")[1].startswith("2 documents of 3 files")
    pieces = cut_files([InputFile(str(n), f"{n:04}", 1) for n in range(1000)], 1)
    chosen = [int(piece.file.source) for piece in choose(pieces, 100)]
    assert len(chosen) == 100
    assert chosen == sorted(set(chosen))
    assert [n for n in chosen if n < 500] != chosen
    assert sum(one + 1 == other for one, other in pairwise(chosen)) > 90
    assert choose(pieces, 2000) == pieces


@pytest.mark.parametrize("count", range(1, 60))
def test_a_sample_is_never_larger_than_asked(count: int) -> None:
    pieces = cut_files([InputFile(str(n), f"{n:04}", 1) for n in range(60)], 1)
    assert 0 < len(choose(pieces, count)) <= count


def test_a_sample_of_json_lines_is_spread_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"id": n, "text": f"{BASE.format(n)}\n{BASE}"}) for n in range(100)]
    path = write_files(tmp_path, {"a.jsonl": "\n".join(lines)}) / "a.jsonl"
    shards = write_files(tmp_path, {"s.toml": "[output]\nshard_bytes = 5000\n"}) / "s.toml"
    read: list[int] = []

    def decode(block: Block, settings: DecodeSettings) -> Block:
        read.extend(int(record.id) for record in block.records)
        return decode_block(block, settings)

    monkeypatch.setattr("pipeline.tune.decode_block", decode)
    assert tune(path, "--documents", "12", "--settings", shards)[0] == 0
    assert len(read) == 12
    assert read[0] == 0
    assert read[-1] > 60


def test_an_input_without_a_document_is_an_error(tmp_path: Path) -> None:
    source = write_files(tmp_path / "in", {"empty.txt": ""})
    code, said = tune(source)
    assert code == 2
    assert "no document could be read" in said
    assert tune(tmp_path / "none")[0] == 2
