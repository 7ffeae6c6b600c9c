"""Stems: forms of one word agree."""

from transforms.stems import stem


def test_forms_of_a_word_share_a_stem() -> None:
    assert len({stem(word) for word in ("strike", "strikes", "striking")}) == 1


def test_words_that_only_look_alike_do_not() -> None:
    assert stem("new") != stem("news")
    assert stem("organ") != stem("origin")
