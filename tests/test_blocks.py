"""Blocks: how the listing is cut, and what a block holds."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.blocks import BlockPlan, cut_files, plan_blocks, read_blocks, repeated_ids
from pipeline.inputs import Inputs
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import InputFile, list_inputs
from tests.running import write_files
from transforms.document import DeadLetter
from transforms.settings import OutputSettings, Settings

SOURCE = Inputs.create(Settings())

FILES = st.lists(
    st.tuples(st.sampled_from([".txt", ".jsonl"]), st.integers(0, 200)), max_size=20
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
        assert len(own) == (max(1, -(-file.size // shard)) if file.holds_many else 1)
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
