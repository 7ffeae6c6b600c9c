"""The report of an output: what is in it, how large it is, what becomes of what is damaged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.errors import RunError, UserError
from pipeline.outputs import KeptSpan, RejectedRecord, RemovedRecord
from pipeline.report.making import write_report
from pipeline.run import run
from tests.report_corpora import write_news
from tests.report_output import kept_by, marked, stays, went, whole, write_output
from tests.running import ARTICLES, contents, copydesk, reported
from transforms.settings import OutputSettings, Settings

LINE = "The town council voted on Monday for a new bridge over the Arle near the old mill."
OTHER = "The town council voted on Monday for a new bridge over the Arle near the old barn."


def page_of(folder: Path) -> str:
    return write_report(folder).read_text(encoding="utf-8")


def words_of(page: str) -> str:
    """What is to be read, tags apart."""
    body = page[page.index("<body>") : page.index("<script>", page.index("<body>"))]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_run_leaves_a_report_that_can_be_made_again(tmp_path: Path) -> None:
    output = reported(tmp_path / "out", ARTICLES)
    made = (output / "report.html").read_bytes()
    (output / "report.html").unlink()
    done = copydesk("report", output)
    assert done.returncode == 0, done.stderr
    assert "open it in a browser" in done.stdout
    assert (output / "report.html").read_bytes() == made
    assert copydesk("verify", output).returncode == 0
    assert "report" not in {path.name for path in output.iterdir() if path.is_dir()}


def test_the_same_output_gives_the_same_report_whatever_its_blocks(tmp_path: Path) -> None:
    source = write_news(tmp_path / "news.jsonl", 60)
    outputs = []
    for name, size in (("one", 1 << 22), ("many", 1 << 14)):
        settings = Settings(output=OutputSettings(shard_bytes=size))
        outputs.append(reported(tmp_path / name, source, settings=settings))
    one, many = (words_of((each / "report.html").read_text()) for each in outputs)
    assert len(contents(outputs[1])) > len(contents(outputs[0]))
    # The settings differ, and the order in which equal things stand; the figures do not.
    figures = re.compile(r"Where the text went .*? Closest calls")
    assert figures.findall(one) == figures.findall(many) != []
    assert page_of(outputs[0]) == (outputs[0] / "report.html").read_text()


def test_no_report_is_made_when_none_is_wanted(tmp_path: Path) -> None:
    done = copydesk("run", ARTICLES, "-o", tmp_path / "out", "--no-report")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "out" / "report.html").exists()
    assert "report.html" not in done.stdout


def test_an_output_with_a_report_can_be_overwritten(tmp_path: Path) -> None:
    output = reported(tmp_path / "out", ARTICLES)
    assert (output / "report.html").exists()
    run([str(ARTICLES)], output, Settings(), overwrite=True, report=False)
    assert not (output / "report.html").exists()


def test_a_report_that_fails_does_not_cost_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> Path:
        raise ValueError("no luck")

    monkeypatch.setattr("pipeline.run.write_report", fail)
    outcome = run([str(ARTICLES)], tmp_path / "out", Settings())
    assert outcome.published
    assert (
        outcome.unreported == "report.html could not be made: no luck; copydesk report tries again"
    )
    assert (tmp_path / "out" / "manifest.json").exists()


def test_plain_text_outputs_have_a_report_of_what_went(tmp_path: Path) -> None:
    settings = Settings(output=OutputSettings(format="text"))
    output = reported(tmp_path / "out", ARTICLES, settings=settings)
    words = words_of((output / "report.html").read_text())
    assert "10.6% of the text went" in words
    assert "left out here" in words
    assert "Listen Live" in words


def test_a_report_reads_every_format_of_part_files(tmp_path: Path) -> None:
    documents = [whole("a", [went("Share this", "boilerplate", "share-widget", 0.01), stays(LINE)])]
    pages: list[str] = []
    for output in (
        OutputSettings(),
        OutputSettings(compression="zstd"),
        OutputSettings(format="parquet"),
    ):
        folder = tmp_path / str(len(pages))
        write_output(folder, documents, settings=Settings(output=output))
        pages.append(
            words_of(page_of(folder)).partition("Settings as TOML")[0].partition("digest")[0]
        )
    assert "share-widget 0.01" in pages[0]
    figures = [page[: page.index("Give them back")] for page in pages]
    assert figures[0] == figures[1] == figures[2]


def test_what_is_no_output_or_damaged_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is no output of copydesk: it has no manifest\.json"):
        write_report(tmp_path)
    folder = write_output(tmp_path / "out", [whole("a", [stays(LINE)])])
    (folder / "sources" / "part-00000.jsonl").write_bytes(b"{}\n")
    with pytest.raises(RunError, match="copydesk verify says what is wrong"):
        write_report(folder)
    assert not list(folder.glob("*report*"))
    done = copydesk("report", tmp_path / "none")
    assert done.returncode == 2
    assert "is no output of copydesk" in done.stderr


def test_everything_that_went_is_in_the_page_with_reason_score_and_evidence(tmp_path: Path) -> None:
    near = went(
        OTHER, "near-duplicate", "copy", 0.86, kept=kept_by("a", 1), evidence={"missing": ["barn"]}
    )
    copies = [
        whole("a", [went("Listen Live", "boilerplate", "navigation", 0.02), stays(LINE)]),
        whole("b", [near, stays("Rain is expected in the hills for most of the week.")]),
    ]
    words = words_of(page_of(write_output(tmp_path / "out", copies)))
    assert "navigation 0.02" in words
    assert "near-duplicate 0.86" in words
    assert "missing barn" in words
    assert "rule near-duplicate/1" in words
    # Side by side, in runs of words that both have and that one has.
    assert (
        "this, went The town council voted on Monday for a new bridge over the Arle near the old"
        in words
    )
    assert "kept: a, paragraph 1" in words


def test_what_an_earlier_run_kept_is_named_with_that_run(tmp_path: Path) -> None:
    copy = went(LINE, "duplicate", "copy", 1.0, kept=kept_by("old", 3, run="2026-11-26"))
    words = words_of(page_of(write_output(tmp_path / "out", [whole("a", [copy])])))
    assert "kept: old, paragraph 3, kept by the run 2026-11-26" in words
    assert "its text is in the output of that run" in words


def test_dead_letters_are_listed_at_most_twenty_of_each_error(tmp_path: Path) -> None:
    letters = [
        RejectedRecord(
            source="crawl.jsonl",
            record=f"{number:06d}",
            offset=number,
            error="invalid-json",
            message=f"line {number} is no JSON: mend it",
            sample="{",
        )
        for number in range(50)
    ]
    words = words_of(page_of(write_output(tmp_path / "out", [whole("a", [stays(LINE)])], letters)))
    assert "50 invalid-json" in words
    assert words.count("is no JSON: mend it") == 20


def test_an_output_without_documents_has_a_report(tmp_path: Path) -> None:
    words = words_of(page_of(write_output(tmp_path / "out", [])))
    assert "No text was read" in words
    assert "There is no document to show." in words


def test_huge_paragraphs_of_signs_that_grow_when_escaped_stay_under_five_megabytes(
    tmp_path: Path,
) -> None:
    signs = '<"&\u200b\ufffe𐀀' * 3_000
    copies = []
    for number in range(300):
        kept = kept_by(f"{signs[:300]}{(number + 1) % 300:04d}", 0)
        flag = marked(
            "restatement", kept, 0.5, points=11, below=[signs[:900]], vetoes=[signs[:900]]
        )
        spans: list[KeptSpan | RemovedRecord] = [
            stays(signs, (flag,)),
            *(
                went(f"{number} {signs}", verdict, "copy", 0.76, kept=kept, evidence={"x": signs})
                for verdict in ("near-duplicate", "restatement", "duplicate")
            ),
            went(signs, "boilerplate", "other", 0.4),
        ]
        copies.append(whole(f"{signs[:300]}{number:04d}", spans, site=f"{number}{signs[:400]}"))
    letters = [
        RejectedRecord(
            source=f"{number:04d}{signs[:400]}",
            record=None,
            offset=0,
            error=f"error-{number % 16}",
            message=signs,
            sample=signs,
        )
        for number in range(400)
    ]
    page = write_report(write_output(tmp_path / "out", copies, letters, in_block=20))
    assert 1_000_000 < page.stat().st_size < 5_000_000


def test_long_documents_show_what_went_and_leave_out_what_stays(tmp_path: Path) -> None:
    spans: list[KeptSpan | RemovedRecord] = [
        stays(f"{number}. {LINE}" * 3) for number in range(2_000)
    ]
    long: list[KeptSpan | RemovedRecord] = [
        *spans,
        went("Share this", "boilerplate", "share-widget", 0.01),
        *spans,
    ]
    words = words_of(page_of(write_output(tmp_path / "out", [whole("long", long)])))
    assert "Share this" in words
    assert "paragraphs left out here" in words
    assert "1999. The town" in words  # the neighbour
    assert "1500. The town" not in words
