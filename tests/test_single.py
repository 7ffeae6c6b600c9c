"""The flow without Beam: a few records as if they were the corpus."""

import pytest

from tests.running import ARTICLES
from transforms.document import Record
from transforms.settings import DecideSettings, Keep, Settings
from transforms.single import clean_records

PARAGRAPH = "The council met on Monday to discuss the new bridge over the river, officials said."


def record(id: str, text: str, published: str | None = None) -> Record:
    return Record(id=id, source=id, data=text.encode(), published=published)


def test_the_reference_article_loses_what_it_tells_again() -> None:
    path = ARTICLES / "000_33c2dc9b53ea6dc3.txt"
    cleaned = clean_records([Record(id="a", source="a", data=path.read_bytes())], Settings())
    assert [
        (verdict.paragraph, verdict.tier, verdict.action, verdict.kept.paragraph)
        for verdict in cleaned.verdicts.paragraphs
    ] == [(18, "restatement", "drop", 14), (19, "restatement", "drop", 15)]


def test_a_record_that_cannot_be_read_costs_itself() -> None:
    cleaned = clean_records([record("a", ""), record("b", PARAGRAPH)], Settings())
    assert [document.id for document in cleaned.content.documents] == ["b"]
    assert [letter.source for letter in cleaned.content.rejected] == ["a"]


def test_the_better_rank_keeps_its_paragraph_whatever_the_order() -> None:
    longer = record("z", f"A longer title\n{PARAGRAPH}\nAnd more of what there was to say then.")
    shorter = record("a", f"Short\n{PARAGRAPH}\nBut not all of it.")
    for records in ([longer, shorter], [shorter, longer]):
        cleaned = clean_records(records, Settings())
        (verdict,) = cleaned.verdicts.paragraphs
        assert cleaned.content.documents[verdict.position].id == "a"
        assert verdict.kept.document == "z"


DATED = f"It happened on 1 January 1999, as of 12:17 GMT.\n{PARAGRAPH}\nThat was it."
UNDATED = (
    f"It happened, and what happened next is told in the lines below.\n{PARAGRAPH}\nThat was it."
)


@pytest.mark.parametrize("keep", ["earliest", "newest"])
def test_no_date_is_guessed_from_the_text_of_a_scrape(keep: Keep) -> None:
    # Neither has a date of its own, so the longer document survives whatever its text says.
    settings = Settings(decide=DecideSettings(keep=keep))
    for lines in ((DATED, UNDATED), (UNDATED, DATED)):
        cleaned = clean_records([record("a", lines[0]), record("b", lines[1])], settings)
        assert [document.published for document in cleaned.content.documents] == [None, None]
        (verdict,) = cleaned.verdicts.paragraphs
        assert verdict.kept.document == ("a" if lines[0] is UNDATED else "b")


@pytest.mark.parametrize(
    ("keep", "survivor"),
    [("earliest", "b"), ("newest", "c"), ("longest", "a"), ("source", "d")],
)
def test_who_survives_is_a_setting(keep: Keep, survivor: str) -> None:
    records = [
        record("a", f"The longest of all titles that stand here today\n{PARAGRAPH}"),
        record("b", f"A title\n{PARAGRAPH}", published="2019-01-01"),
        record("c", f"A title\n{PARAGRAPH}", published="2020-01-01"),
        record("d", f"A title\n{PARAGRAPH}"),
    ]
    settings = Settings(decide=DecideSettings(keep=keep, preferred_sources=("d", "b")))
    for order in (records, records[::-1]):
        cleaned = clean_records(order, settings)
        assert {verdict.kept.document for verdict in cleaned.verdicts.paragraphs} == {survivor}
        assert len(cleaned.verdicts.documents) == 3


@pytest.mark.parametrize("keep", ["earliest", "longest", "newest", "source"])
def test_ties_end_with_the_id(keep: Keep) -> None:
    records = [record(id, PARAGRAPH) for id in ("c", "a", "b")]
    settings = Settings(decide=DecideSettings(keep=keep))
    cleaned = clean_records(records, settings)
    assert {each.survivor for each in cleaned.verdicts.documents} == {"a"}


def test_no_records_are_no_trouble() -> None:
    cleaned = clean_records([], Settings())
    assert cleaned.content.documents == ()
    assert cleaned.verdicts.paragraphs == ()
