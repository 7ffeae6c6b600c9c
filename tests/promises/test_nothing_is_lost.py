"""Promise 1: kept and removed spans tile the normalised text, and no record vanishes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.running import ARTICLES, SHAPES, Row, clean, records, write_files
from transforms.document import Record
from transforms.normalise import normalise
from transforms.settings import DecodeSettings, Settings
from transforms.single import clean_records


def spans_of(output: Path, id: str) -> list[Row]:
    kept = [
        {"at": span["index"], **span}
        for document in records(output, "documents")
        if document["id"] == id
        for span in document["paragraphs"]
    ]
    removed = [
        {"at": row["paragraph"], **row}
        for row in records(output, "removed")
        if row["document"] == id
    ]
    return sorted([*kept, *removed], key=lambda span: span["at"])


def assert_tiled(output: Path, source: Row) -> str:
    """The text that the records of a source make up; asserts that it has no hole or overlap."""
    spans = spans_of(output, source["id"])
    assert [span["at"] for span in spans] == list(range(len(spans)))
    text: str = source["white_space"][0]
    for span, space in zip(spans, source["white_space"][1:], strict=True):
        assert span["start"] == len(text)
        text += span["text"]
        assert span["end"] == len(text)
        assert space.strip() == ""
        text += space
    assert len(text) == source["characters"]
    assert hashlib.sha256(text.encode()).hexdigest() == source["sha256"]
    return text


def test_the_fixtures_are_tiled_and_accounted_for(tmp_path: Path) -> None:
    files = [path for folder in (ARTICLES, SHAPES) for path in folder.iterdir() if path.is_file()]
    output = clean(tmp_path / "out", ARTICLES, SHAPES)
    sources = records(output, "sources")
    assert sorted(source["source"] for source in sources) == sorted(path.name for path in files)
    rejected = {row["source"] for row in records(output, "rejected")}
    for source in sources:
        if source["status"] == "rejected":
            assert source["source"] in rejected
        else:
            assert_tiled(output, source)
    assert {row["source"] for row in sources if row["status"] == "rejected"} == rejected


def test_the_articles_are_rebuilt_as_they_were_normalised(tmp_path: Path) -> None:
    output = clean(tmp_path / "out", ARTICLES)
    for source in records(output, "sources"):
        original = (ARTICLES / source["source"]).read_text(encoding="utf-8")
        expected = normalise(original, DecodeSettings(), markup=False).text
        assert assert_tiled(output, source) == expected


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "Listen Live",
            "0 64",
            "© Photo : A. Writer",
            "Share",
            "Read more: another story of the day",
            "12:17 GMT 16 February 2019",
            "- a list item",
            "The council met on Monday to discuss the new bridge over the river, officials said.",
            "The council met on Monday to discuss the old bridge over the river, officials said.",
            "On Monday the council discussed the new bridge across the river in a meeting.",
        ]
    ),
    st.text(max_size=60),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.lists(LINES, max_size=12), min_size=1, max_size=3))
def test_generated_documents_are_tiled(documents: list[list[str]]) -> None:
    given_records = [
        Record(id=f"{n}", source=f"{n}", data="\n".join(lines).encode("utf-8", "surrogatepass"))
        for n, lines in enumerate(documents)
    ]
    cleaned = clean_records(given_records, Settings())
    assert len(cleaned.content.documents) + len(cleaned.content.rejected) == len(documents)
    for document in cleaned.content.documents:
        assert len(document.judgements) == len(document.paragraphs)
        end = 0
        for paragraph in document.paragraphs:
            assert document.text[end : paragraph.start].strip() == ""
            assert paragraph.start < paragraph.end
            end = paragraph.end
        assert document.text[end:].strip() == ""


def test_generated_documents_are_tiled_in_the_output_too(tmp_path: Path) -> None:
    paragraph = "The council met on Monday to discuss the bridge over the river, number {}."
    files = {
        f"{n}.txt": "\n".join(["Title", "Share", *(paragraph.format(k) for k in range(n, n + 9))])
        for n in range(12)
    }
    output = clean(tmp_path / "out", write_files(tmp_path / "in", files))
    sources = records(output, "sources")
    assert len(sources) == 12
    for source in sources:
        assert assert_tiled(output, source) == files[source["source"]]
