"""The flow without Beam: a few records as if they were the corpus."""

from tests.running import ARTICLES
from transforms.document import Record
from transforms.settings import Settings
from transforms.single import clean_records

PARAGRAPH = "The council met on Monday to discuss the new bridge over the river, officials said."


def record(id: str, text: str) -> Record:
    return Record(id=id, source=id, data=text.encode())


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


def test_no_records_are_no_trouble() -> None:
    cleaned = clean_records([], Settings())
    assert cleaned.content.documents == ()
    assert cleaned.verdicts.paragraphs == ()
