"""Two paragraphs side by side: the eye finds what differs."""

from pipeline.contrast import contrast

SHARED = "one two three four five six seven eight nine ten eleven twelve thirteen"


def test_equal_words_have_no_brackets_whatever_their_case_and_marks() -> None:
    assert contrast("“It fell,” he said.", "it FELL he said") == "“It fell,” he said."


def test_what_differs_in_a_row_stands_in_one_pair_of_brackets() -> None:
    text = contrast("The council in Norham said so.", "The council of Kelby said so.")
    assert text == "The council [in Norham] said so."


def test_long_agreement_is_cut_and_what_differs_behind_it_stays_in_view() -> None:
    text = contrast(f"{SHARED} and rose", f"{SHARED} and fell")
    assert text == "one two three four five … ten eleven twelve thirteen and [rose]"
