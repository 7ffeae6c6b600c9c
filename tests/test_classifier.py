from __future__ import annotations

import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

from transforms.boilerplate import judge
from transforms.classifier import (
    MODEL,
    VERSION,
    Model,
    load_classifier,
)
from transforms.document import Document, Paragraph
from transforms.lines import read_lines
from transforms.sealed import MOST_BYTES, ModelError, SealedModel, seal, unseal
from transforms.segments import NONE
from transforms.settings import JudgeSettings

ARTICLE = """Home
News
Sport
Town council votes to rebuild the old bridge
The council voted on Tuesday to rebuild the old bridge over the river, which has been closed since the flood of last spring.
Work is to begin in autumn, and the builders expect that the first cars will cross it again two years later.
Shopkeepers on the far side said that they had lost a third of their customers since the bridge was closed.
The mayor promised that a ferry would run every half hour until the work is done, free of charge for all.
Share this article
Sign up for our newsletter
© 2020 The Valley Post. All rights reserved."""
SPEECH = "The mayor promised that a ferry would run every half hour until the work is done."
PROMPTS = ("Home", "News", "Sport", "Share this article", "Sign up for our newsletter")


def document(text: str) -> Document:
    paragraphs: list[Paragraph] = []
    start = 0
    for line in text.split("\n"):
        paragraphs.append(
            Paragraph(index=len(paragraphs), start=start, end=start + len(line), kind="paragraph")
        )
        start += len(line) + 1
    return Document(
        id="a",
        source="a",
        record=None,
        text=text,
        encoding="utf-8",
        changes={},
        replaced_at=(),
        paragraphs=tuple(paragraphs),
    )


def points(text: str) -> list[int]:
    lines = text.split("\n")
    opinion = load_classifier().judge(
        read_lines(lines), document(text).paragraphs, np.array([NONE])
    )
    return [int(value) for value in opinion.points]


def test_sentences_of_the_article_are_for_it_and_prompts_around_it_against() -> None:
    scored = dict(zip(ARTICLE.split("\n"), points(ARTICLE), strict=True))
    sentences = [value for line, value in scored.items() if len(line.split()) > 15]
    assert len(sentences) == 4
    assert min(sentences) > 0 > max(scored[prompt] for prompt in PROMPTS)


def test_the_same_line_is_worth_less_among_labels() -> None:
    among_labels = "\n".join(["Home", "News", "Sport", SPEECH, "Video", "Shop", "Help"])
    among_text = ARTICLE.replace("Share this article", SPEECH)
    assert points(among_text)[8] > points(among_labels)[3]


def test_the_model_is_small_and_says_what_it_was_trained_on() -> None:
    data = MODEL.read_bytes()
    assert len(data) <= MOST_BYTES
    assert "sites" in unseal(data, Model, VERSION).trained_on


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(MODEL.read_bytes())
    data[len(data) // 2] ^= 1
    with pytest.raises(ModelError, match=r"damaged|read"):
        unseal(bytes(data), Model, VERSION)


def test_a_cut_file_is_noticed() -> None:
    with pytest.raises(ModelError):
        unseal(MODEL.read_bytes()[:-1], Model, VERSION)


def test_a_larger_file_is_refused_unread() -> None:
    with pytest.raises(ModelError, match="more than"):
        unseal(b"\0" * (MOST_BYTES + 1), Model, VERSION)


def test_a_model_of_another_version_is_refused() -> None:
    model = msgspec.structs.replace(unseal(MODEL.read_bytes(), Model, VERSION), version=0)
    with pytest.raises(ModelError, match="version 0"):
        unseal(seal(model), Model, VERSION)


def test_a_file_of_something_else_is_refused() -> None:
    other = SealedModel(sha256="0" * 64, model=msgspec.Raw(msgspec.msgpack.encode([1])))
    with pytest.raises(ModelError, match="digest"):
        unseal(msgspec.msgpack.encode(other), Model, VERSION)


def test_a_long_document_gets_the_points_that_its_lines_have_in_one_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = points(ARTICLE)
    monkeypatch.setattr("transforms.trees._LINES_AT_ONCE", 3)
    assert points(ARTICLE) == at_once


def test_the_three_strongest_features_of_what_goes_are_evidence() -> None:
    judgements = judge(document(ARTICLE), JudgeSettings())
    assert judgements[0].verdict == "boilerplate"
    strongest = judgements[0].evidence["strongest"]
    assert isinstance(strongest, list)
    assert len(strongest) == 3
    assert all(re.fullmatch(r"[a-z0-9 -]+ -[1-9]\d*", str(said)) for said in strongest)
    assert "strongest" not in judgements[4].evidence


def test_what_says_most_against_a_line_comes_first() -> None:
    lines = read_lines(ARTICLE.split("\n"))
    opinion = load_classifier().judge(lines, document(ARTICLE).paragraphs, np.array([3]))
    for features in opinion.against(np.arange(len(lines)), 5):
        points = [points for _, points in features]
        assert points == sorted(points)
        assert all(value < 0 for value in points)
        assert len({name for name, _ in features}) == len(features)


@pytest.mark.parametrize("text", ["。", "今天天气很好。", "\U0001f600", "a" * 5_000])
def test_odd_documents_have_an_opinion(text: str) -> None:
    assert len(points(text)) == len(text.split("\n"))


def test_a_missing_model_says_which_file_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.msgpack.*install"):
        load_classifier(tmp_path / "gone.msgpack")


def test_a_damaged_model_says_which_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.msgpack"
    path.write_bytes(MODEL.read_bytes()[:-1])
    with pytest.raises(ModelError, match=r"bad\.msgpack"):
        load_classifier(path)
