"""What each source loses."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from pipeline.losses import EXAMPLES, Losses, add_losses, count_losses, source_name, whole_loss
from tests.corpora import block, document
from transforms.assemble import assemble
from transforms.document import Document
from transforms.settings import Settings
from transforms.single import decide_block

COPIED = "The town council voted on Monday for a new bridge over the river after a long debate."
ALONE = "Engineers from the regional office will begin to survey both banks before the summer."
CLOSING = "Nurses say the waiting room has been full from early morning until late every evening."


def losses_of(*documents: Document) -> Losses:
    cleaned = decide_block(block(*documents), Settings())

    def read(kept: object) -> str:
        return COPIED if kept else ""

    records = assemble(cleaned.content, cleaned.verdicts, read)
    return count_losses(records.sources, records.documents, records.removed)


def test_a_paragraph_that_goes_counts_against_its_own_source() -> None:
    losses = losses_of(
        document("a/1", [COPIED, "A long title of another article", CLOSING]),
        document("b/1", [COPIED, ALONE]),
    )
    assert (losses["a/"].paragraphs, losses["a/"].paragraphs_gone) == (3, 0)
    assert (losses["b/"].paragraphs, losses["b/"].paragraphs_gone) == (2, 1)
    assert losses["b/"].of_paragraphs == 0.5
    assert (losses["b/"].documents, losses["b/"].documents_gone) == (1, 0)
    (example,) = losses["b/"].examples
    assert (example.document, example.paragraph, example.text) == ("b/1", 0, COPIED)
    assert (example.kept, example.kept_paragraph) == ("a/1", 0)


def test_a_document_that_goes_whole_counts_with_all_that_it_had() -> None:
    losses = losses_of(document("a/1", [COPIED, ALONE]), document("b/1", ["Short", COPIED, ALONE]))
    whole = whole_loss(losses)
    assert (whole.documents, whole.documents_gone) == (2, 1)
    gone = losses["a/"] if losses["a/"].documents_gone else losses["b/"]
    assert gone.of_paragraphs == 1.0


def source(path: str, *, site: str | None = None, record: str | None = None) -> str:
    cleaned = decide_block(block(document(path, [ALONE], site=site)), Settings())
    (row,) = assemble(cleaned.content, cleaned.verdicts, lambda _: "").sources
    return source_name(replace(row, record=record))


@pytest.mark.parametrize(
    ("path", "site", "record", "name"),
    [
        ("feeds/herald/1.html", "The Herald", None, "The Herald"),
        ("feeds/herald/1.txt", None, None, "feeds/"),
        ("1.txt", None, None, "(no folder)"),
        ("crawl.jsonl", None, "7", "crawl.jsonl"),
        ("feeds/crawl.jsonl", None, "7", "feeds/"),
    ],
)
def test_the_source_is_the_site_else_the_first_folder(
    path: str, site: str | None, record: str | None, name: str
) -> None:
    assert source(path, site=site, record=record) == name


def test_the_order_of_blocks_does_not_matter() -> None:
    blocks = [
        losses_of(document("a/1", [COPIED, ALONE]), document(f"b/{n}", [COPIED, ALONE + f" {n}"]))
        for n in range(4)
    ]
    totals = []
    for order in permutations(blocks):
        total: Losses = {}
        for each in order:
            add_losses(total, each)
        totals.append(total)
    assert all(total == totals[0] for total in totals)
    assert whole_loss(totals[0]).documents == 8
    assert len(whole_loss(totals[0]).examples) == EXAMPLES
