"""Blocks: how the listing is cut, and what a block holds."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.blocks import (
    BlockPlan,
    cut_files,
    largest_block,
    plan_blocks,
    read_blocks,
    repeated_ids,
)
from pipeline.inputs import Inputs
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import InputFile, list_inputs
from tests.archives import other, page, warc
from tests.packing import PACK
from tests.running import write_files
from transforms.block import Block
from transforms.document import DeadLetter
from transforms.settings import OutputSettings, Settings

SOURCE = Inputs.create(Settings())

FILES = st.lists(
    st.tuples(st.sampled_from([".txt", ".jsonl", ".csv"]), st.integers(0, 200)), max_size=20
).map(
    lambda made: [InputFile(f"/{n}{end}", f"{n}{end}", size) for n, (end, size) in enumerate(made)]
)


def sizes(blocks: list[BlockPlan]) -> list[int]:
    return [sum(piece.end - piece.start for piece in block.pieces) for block in blocks]


@given(FILES, st.integers(1, 60))
def test_blocks_follow_from_the_listing_and_the_shard_size(
    files: list[InputFile], shard: int
) -> None:
    blocks = plan_blocks(files, shard)
    assert [block.index for block in blocks] == list(range(len(blocks)))
    pieces = [piece for block in blocks for piece in block.pieces]
    assert pieces == cut_files(files, shard)
    for file in files:
        own = [piece for piece in pieces if piece.file == file]
        assert [piece.start for piece in own] == [0, *(piece.end for piece in own[:-1])]
        assert own[-1].end == file.size
        assert len(own) == (max(1, -(-file.size // shard)) if file.in_ranges else 1)
        assert max(piece.end - piece.start for piece in own) - file.size // len(own) in (0, 1)
    for block, size in zip(blocks, sizes(blocks), strict=True):
        assert len(block.pieces) == 1 or size <= shard


def greedy(files: list[InputFile], shard: int) -> list[int]:
    """How full blocks are if each takes all that fits."""
    blocks: list[int] = []
    for piece in cut_files(files, shard):
        size = piece.end - piece.start
        if blocks and blocks[-1] + size <= shard:
            blocks[-1] += size
        else:
            blocks.append(size)
    return blocks


@given(FILES, st.integers(1, 60))
def test_blocks_are_as_few_as_they_can_be(files: list[InputFile], shard: int) -> None:
    assert len(plan_blocks(files, shard)) == len(greedy(files, shard))


def test_what_is_over_one_block_is_shared_evenly() -> None:
    plain = [InputFile(f"/{n}", f"{n}", 10) for n in range(11)]
    assert sizes(plan_blocks(plain, 100)) == [60, 50]
    assert sizes(plan_blocks(plain, 110)) == [110]
    assert sizes(plan_blocks([InputFile("/a.jsonl", "a.jsonl", 101)], 100)) == [50, 51]
    assert sizes(plan_blocks([InputFile("/a.txt", "a.txt", 101)], 100)) == [101]


def test_small_containers_share_a_block_with_other_files() -> None:
    files = [InputFile(f"/{name}", name, 30) for name in ("a.txt", "b.jsonl", "c.ndjson")]
    assert [len(block.pieces) for block in plan_blocks(files, 100)] == [3]


def test_a_long_listing_is_cut() -> None:
    files = [InputFile("/x", f"{n:07}", n % 5_000) for n in range(200_000)]
    assert max(sizes(plan_blocks(files, 4_000_000))) <= 4_000_000


def test_a_block_parts_records_from_dead_letters(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "x", "b.csv": "y", "c.jsonl": '{"text": "z"}\n[]\n'})
    (plan,) = plan_blocks(list_inputs([str(tmp_path)]), 100)
    (block,) = read_blocks(plan, SOURCE, NO_IDS, OutputSettings())
    assert [record.id for record in block.records] == ["a.txt", "c.jsonl#0"]
    assert [(letter.source, letter.record, letter.error) for letter in block.rejected] == [
        ("b.csv", None, "no-text"),
        ("c.jsonl", "14", "not-an-object"),
    ]
    assert isinstance(block.rejected[0], DeadLetter)


def test_repeated_ids_are_those_of_all_blocks(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a.txt": "x",
            "b.jsonl": '{"id": "b"}\n{"id": "a.txt"}\n{"id": "c"}\n',
            "c.jsonl": '{"id": "c"}',
        },
    )
    repeated = repeated_ids(plan_blocks(list_inputs([str(tmp_path)]), 10), SOURCE)
    assert [id in repeated for id in ("a.txt", "b", "c", "d", "b.jsonl")] == [
        True, False, True, False, False,
    ]  # fmt: skip


def many(tmp_path: Path, shard: OutputSettings, name: str = "a.jsonl.gz") -> list[Block]:
    """The blocks of 100 records of 10 bytes, and of a plain file behind them."""
    lines = b"".join(b'{"text": "%010d"}\n' % n for n in range(100))
    write_files(
        tmp_path, {name: PACK["gz"](lines) if name.endswith("gz") else lines, "b.txt": b"b" * 30}
    )
    plans = plan_blocks(list_inputs([str(tmp_path)]), shard.shard_bytes)
    return [block for plan in plans for block in read_blocks(plan, SOURCE, NO_IDS, shard)]


def test_a_compressed_file_is_cut_into_blocks_as_it_is_read(tmp_path: Path) -> None:
    blocks = many(tmp_path, OutputSettings(shard_bytes=250))
    # Two plans: the blocks of the first have every other number.
    assert [block.index for block in blocks] == [0, 2, 4, 6, 1]
    assert [len(block.records) for block in blocks] == [25, 25, 25, 25, 1]


def test_a_block_holds_so_many_records_at_the_most(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "a.jsonl"):
        blocks = many(tmp_path / name, OutputSettings(shard_records=40), name)
        assert [len(block.records) for block in blocks] == [40, 40, 21]
        assert [block.index for block in blocks] == [0, 1, 2]


def test_a_record_that_is_too_large_for_a_block_is_alone_in_one(tmp_path: Path) -> None:
    lines = b'{"text": "a"}\n{"text": "%s"}\n{"text": "b"}\n' % (b"x" * 500)
    write_files(tmp_path, {"a.jsonl.gz": PACK["gz"](lines)})
    plans = plan_blocks(list_inputs([str(tmp_path)]), 100)
    limits = OutputSettings(shard_bytes=100)
    blocks = [block for plan in plans for block in read_blocks(plan, SOURCE, NO_IDS, limits)]
    assert [len(block.records) for block in blocks] == [1, 1, 1]


def test_what_is_broken_fills_a_block_too(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.jsonl.gz": PACK["gz"](b"[]\n" * 100)})
    plans = plan_blocks(list_inputs([str(tmp_path)]), 1_000)
    limits = OutputSettings(shard_bytes=1_000)
    blocks = [block for plan in plans for block in read_blocks(plan, SOURCE, NO_IDS, limits)]
    assert sum(len(block.rejected) for block in blocks) == 100
    assert max(len(block.rejected) for block in blocks) <= 20


def test_what_is_skipped_is_counted(tmp_path: Path) -> None:
    data = other("metadata", "text/plain", b"x") * 2 + warc([page(1)])[0]
    write_files(tmp_path, {"a.warc": data})
    (plan,) = plan_blocks(list_inputs([str(tmp_path)]), 10_000)
    (block,) = read_blocks(plan, SOURCE, NO_IDS, OutputSettings())
    assert block.skipped == {"skipped_records_without_page": 2}
    assert len(block.records) == 1


def test_memory_is_planned_for_what_is_read_at_a_time() -> None:
    files = [InputFile("/a.warc.gz", "a.warc.gz", 1_000), InputFile("/b.html", "b.html", 300)]
    plans = plan_blocks(files, 100)
    assert [plan.size for plan in plans] == [5_000, 300]
    assert largest_block(plans[:1], 100) == 100
    assert largest_block(plans, 100) == 300
    assert largest_block([], 100) == 0
