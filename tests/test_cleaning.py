"""One text, cleaned as a run cleans a file that is alone."""

from pathlib import Path

import msgspec
import pytest

import transforms.single
from pipeline.rebuild import rebuild
from tests.running import ARTICLES, SHAPES, records, write_files
from tests.running import clean as run_clean
from transforms.block import Block, RecordError
from transforms.cleaning import CleanText, clean, clean_each
from transforms.document import MediaType, Record
from transforms.settings import JudgeSettings, Settings

BODY = "The town council voted on Monday for a new bridge over the river Arle, officials said."
PAGE = (
    "<html><head><title>Bridge</title></head><body><nav><a href='/'>Home</a></nav><article>"
    f"<h1>Council Votes for New Bridge</h1><p>{BODY}</p><p>{BODY}</p></article></body></html>"
)
SCRAPE = (
    f"12:17 GMT 16 February 2019\nShare this\nCouncil Votes for New Bridge\n{BODY}\nRead more\n"
)


def written(output: Path, name: str) -> CleanText:
    """What a run wrote of its one document."""
    found = {kind: records(output, kind) for kind in ("documents", "removed", "sources")}
    assert [source["id"] for source in found["sources"]] == [name]
    document = found["documents"][0] if found["documents"] else None
    return msgspec.convert(
        {"document": document, "removed": found["removed"], "source": found["sources"][0]},
        CleanText,
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("article.txt", (ARTICLES / "000_33c2dc9b53ea6dc3.txt").read_bytes()),
        ("page.html", (SHAPES / "page-windows-1252.html").read_bytes()),
        ("wide.txt", (SHAPES / "utf-16-le-bom.txt").read_bytes()),
    ],
)
def test_it_does_what_a_run_does_with_one_file(tmp_path: Path, name: str, content: bytes) -> None:
    output = run_clean(tmp_path / "out", write_files(tmp_path / "in", {name: content}))
    media_type: MediaType = "text/html" if name.endswith("html") else "text/plain"
    cleaned = clean(content, media_type=media_type, id=name)
    assert cleaned == written(output, name)
    assert cleaned.removed


def test_characters_and_bytes_give_the_same() -> None:
    assert clean(SCRAPE) == clean(SCRAPE.encode())
    assert clean(PAGE).text == clean(PAGE.encode("utf-16")).text


def test_a_page_is_known_by_its_text_unless_it_is_said_to_be_none() -> None:
    assert clean(PAGE).text == f"Council Votes for New Bridge\n\n{BODY}"
    assert "<h1>" in clean(PAGE, media_type="text/plain").text


def test_what_stays_and_what_goes_tile_the_text() -> None:
    cleaned = clean(SCRAPE)
    assert rebuild(cleaned.source, cleaned.document, list(cleaned.removed)).text == SCRAPE
    assert [removed.reason for removed in cleaned.removed] == [
        "timestamp",
        "share-widget",
        "related-heading",
    ]
    assert cleaned.text == "\n\n".join(span.text for span in cleaned.paragraphs)


def test_a_text_of_which_nothing_is_left_is_no_error() -> None:
    cleaned = clean("Share this\nRead more")
    assert (cleaned.text, cleaned.paragraphs, cleaned.document) == ("", (), None)
    assert cleaned.source.status == "emptied"
    assert len(cleaned.removed) == 2


def test_what_is_known_of_a_text_is_used() -> None:
    source = clean(BODY, id="a/1", url="https://herald.example/x", published="2019-02-16").source
    assert (source.id, source.site, source.published) == ("a/1", "herald.example", "2019-02-16")
    assert clean("caf\xe9 noir, s'il vous pla\xeet".encode("cp1250"), charset="cp1250").text == (
        "café noir, s'il vous plaît"
    )


def test_settings_are_followed() -> None:
    off = Settings(judge=JudgeSettings(action="off"))
    assert not clean(SCRAPE, settings=off).removed


def test_what_cannot_be_read_says_why_and_where() -> None:
    with pytest.raises(RecordError) as caught:
        clean((SHAPES / "binary-junk.txt").read_bytes())
    assert caught.value.error == "binary-record"
    assert caught.value.offset is not None
    with pytest.raises(RecordError, match="empty-record"):
        clean(" \n")


def test_half_characters_cost_themselves() -> None:
    cleaned = clean(f"{BODY}\n{BODY[:40]}\ud83d and more of it.")
    assert "\ufffd and more" in cleaned.text
    assert cleaned.source.changes == {"surrogates": 1}


def test_records_of_a_block_are_cleaned_as_if_each_were_alone() -> None:
    texts = [path.read_text("utf-8") for path in sorted(ARTICLES.iterdir())]
    texts += [SCRAPE, SCRAPE, PAGE]
    items = tuple(
        Record(id=f"{number % 7}", source=f"{number % 7}", data=text.encode(), charset="wtf-8")
        for number, text in enumerate(texts)
    )
    together = clean_each(Block(index=0, records=items), Settings())
    alone = [clean(text, id=item.id) for text, item in zip(texts, items, strict=True)]
    alone.sort(key=lambda each: each.source.id)
    assert together.documents == [each.document for each in alone]
    assert together.removed == [removed for each in alone for removed in each.removed]
    assert together.sources == [each.source for each in alone]


def test_a_bug_in_a_later_step_is_an_error_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    found = transforms.single.decide_block

    def decide(block: Block, settings: Settings) -> object:
        if block.documents:
            raise ZeroDivisionError
        return found(block, settings)

    monkeypatch.setattr(transforms.single, "decide_block", decide)
    with pytest.raises(RecordError, match="unexpected-error"):
        clean(SCRAPE)
