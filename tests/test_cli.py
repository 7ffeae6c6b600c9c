"""The command line: what each command prints, and with which exit code."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.running import ARTICLES, PROJECT, copydesk, records, write_files
from transforms.sealed import ModelError
from transforms.settings import JUDGE_MODES, Settings

FIRST = ARTICLES / "000_33c2dc9b53ea6dc3.txt"


def invoke(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words], terminal_width=100)
    return result.exit_code, result.output


PROSE = (
    "The town council voted on Monday for a new bridge over the river after a long debate.\n"
    "Engineers from the regional office will begin to survey both banks before the summer."
)


def test_a_run_ends_with_a_summary_for_people(tmp_path: Path) -> None:
    done = copydesk("run", ARTICLES, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert "5 records" in done.stdout
    assert "64 out" in done.stdout
    assert "restatement" in done.stdout
    assert f"copydesk verify {tmp_path / 'out'}" in done.stdout
    assert done.stderr == ""


def test_quiet_says_nothing(tmp_path: Path) -> None:
    done = copydesk("run", FIRST, "-o", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_run_does_not_fail_for_what_nobody_can_read(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "run", str(FIRST), "--log-format=json", "-o"]
    with open("/dev/full", "w") as full:
        unheard = subprocess.run(
            [*command, tmp_path / "unheard"], cwd=PROJECT, stdout=subprocess.PIPE, stderr=full
        )
        assert unheard.returncode == 0
        assert b"1 record in" in unheard.stdout
        mute = subprocess.run(
            [*command, tmp_path / "mute"], cwd=PROJECT, stdout=full, stderr=subprocess.PIPE
        )
        assert mute.returncode == 0
        assert b"the summary could not be written: No space left on device" in mute.stderr
    for name in ("unheard", "mute"):
        assert (tmp_path / name / "manifest.json").exists()


def test_text_documents_are_files_of_their_own(tmp_path: Path) -> None:
    assert copydesk("run", ARTICLES, "-o", tmp_path / "out", "--format=text").returncode == 0
    names = sorted(path.name for path in (tmp_path / "out" / "documents").iterdir())
    assert names == sorted(f"{path.name}.txt" for path in ARTICLES.iterdir())
    text = (tmp_path / "out" / "documents" / "002_1b155dc13c4e1f4e.txt.txt").read_text()
    assert text.startswith("Russia accuses the US of supporting terror groups in Syria\n\nRussian")
    refused = copydesk("verify", tmp_path / "out")
    assert refused.returncode == 2
    assert "--format jsonl or parquet" in refused.stderr


def test_format_and_compression_are_options(tmp_path: Path) -> None:
    output = tmp_path / "out"
    words = ("run", FIRST, "-o", output, "--quiet", "--overwrite")
    for options, name in (
        (["--format=parquet"], "part-00000.parquet"),
        (["--compression=zstd"], "part-00000.jsonl.zst"),
    ):
        done = copydesk(*words, *options)
        assert done.returncode == 0, done.stderr
        for folder in ("documents", "removed", "sources"):
            assert [path.name for path in (output / folder).iterdir()] == [name]
        assert copydesk("verify", output, "--input", FIRST).returncode == 0
    unknown = copydesk(*words, "--compression=xz")
    assert unknown.returncode == 2
    assert "'zstd'" in unknown.stderr


def test_actions_are_settings(tmp_path: Path) -> None:
    for action, flags in (("mark", 2), ("report", 0)):
        output = tmp_path / action
        done = copydesk("run", FIRST, "-o", output, f"--restatements={action}")
        assert done.returncode == 0, done.stderr
        counts = json.loads((output / "manifest.json").read_text())["counts"]
        assert counts["verdicts"].get("restatement", 0) == 0
        assert counts["flags"].get("restatement", 0) == flags
        assert (counts["reported"].get("restatement", 0) == 2) == (action == "report")
        assert copydesk("verify", output).returncode == 0


def test_whole_documents_have_an_action_too(tmp_path: Path) -> None:
    text = f"Council Votes for New Bridge\n\n{PROSE}"
    source = write_files(tmp_path / "in", {"a.txt": text, "b.txt": text})
    for action, statuses, survivors, near, reported in (
        ("drop", ["kept", "duplicate"], [None, "a.txt"], {}, {}),
        ("mark", ["kept", "kept"], [None, "a.txt"], {"paragraphs": 1}, {}),
        ("report", ["kept", "kept"], [None, None], {}, {"document": 1}),
    ):
        output = tmp_path / action
        code, said = invoke("run", source, "-o", output, f"--documents={action}")
        assert code == 0, said
        sources = records(output, "sources")
        assert [each["status"] for each in sources] == statuses
        assert [each["survivor"] for each in sources] == survivors
        counts = json.loads((output / "manifest.json").read_text())["counts"]
        assert (counts["near_copies"], counts["reported"]) == (near, reported)
        assert ("near-cop" in said) == (action != "drop")
        assert invoke("verify", output)[0] == 0


def test_a_step_that_is_off_is_left_out(tmp_path: Path) -> None:
    near = PROSE.replace("debate", "discussion")
    source = write_files(tmp_path / "in", {"a.txt": f"Share this\n{PROSE}", "b.txt": near})
    every = ("--judge=off", "--documents=off", "--near-duplicates=off", "--restatements=off")
    for kept, words, verdicts in (
        (None, (), {"boilerplate": 1, "duplicate": 1, "near-duplicate": 1}),
        ("Share this", every[:1], {"duplicate": 1, "near-duplicate": 1}),
        ("Share this", every[:2] + every[3:], {"duplicate": 1, "near-duplicate": 1}),
        ("Share this", every, {"duplicate": 1}),
    ):
        output = tmp_path / str(len(words))
        code, said = invoke("run", source, "-o", output, *words)
        assert code == 0, said
        counts = json.loads((output / "manifest.json").read_text())["counts"]
        assert {k: n for k, n in counts["verdicts"].items() if k != "keep"} == verdicts
        assert (counts["flags"], counts["reported"]) == ({}, {})
        if len(words) > 1:
            assert counts["near_copies"] == {}
            steps = json.loads((output / "run.json").read_text())["seconds_by_step"]
            assert "restate across documents" not in steps
        texts = [each["text"] for each in records(output, "documents")]
        assert kept is None or any(kept in text for text in texts)
        assert invoke("verify", output, "--input", source)[0] == 0


def test_the_preferred_source_keeps_its_documents(tmp_path: Path) -> None:
    source = write_files(tmp_path / "in", {"a/1.txt": PROSE, "b/1.txt": PROSE, "c/1.txt": PROSE})
    output = tmp_path / "out"
    words = ("run", source, "-o", output, "--keep=source", "--prefer=c/", "--prefer=a/")
    assert invoke(*words)[0] == 0
    assert [each["id"] for each in records(output, "documents")] == ["c/1.txt"]


def test_sources_and_their_order_come_together(tmp_path: Path) -> None:
    source = write_files(tmp_path / "in", {"a.txt": PROSE})
    code, said = invoke("run", source, "--dry-run", "--keep=source")
    assert code == 2
    assert "--prefer PREFIX" in said
    code, said = invoke("run", source, "--dry-run", "--prefer=a/")
    assert code == 2
    assert "--keep source" in said


def test_beams_own_options_pass_through(tmp_path: Path) -> None:
    output = tmp_path / "out"
    done = copydesk("run", "--job_name", "nightly", FIRST, "-o", output, "--runner=FnApiRunner")
    assert done.returncode == 0, done.stderr
    assert json.loads((output / "run.json").read_text())["runner"] == "FnApiRunner"


def test_inspect_shows_every_paragraph_with_what_becomes_of_it() -> None:
    code, output = invoke("inspect", FIRST)
    assert code == 0
    lines = output.splitlines()
    assert "27 paragraphs, 13 kept" in lines[0]
    assert any(line.startswith("-") and "timestamp" in line for line in lines)
    assert any(line.startswith("-") and "restatement" in line for line in lines)
    assert "[= 14," in output
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize("name", ["missing.txt", "empty.txt", "a folder"])
def test_inspect_says_what_it_cannot_show(name: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"empty.txt": b"", "a folder/x.txt": "x"})
    code, output = invoke("inspect", tmp_path / name)
    assert code == 2
    assert name in output


def test_inspect_shows_one_record_of_a_file_of_many(tmp_path: Path) -> None:
    rows = [
        {"id": "https://a.example//1", "text": PROSE},
        {"id": "b", "text": "The second one."},
        {"id": "b", "text": "The third one."},
        {"id": "0", "text": "The fourth one."},
        {"id": "c", "text": ""},
        [],
    ]
    lines = [json.dumps(row) for row in rows]
    path = write_files(tmp_path, {"a.jsonl": "\n".join(lines)}) / "a.jsonl"
    at = len(lines[0]) + 1
    for id, code, said in (
        ("https://a.example//1", 0, "The town council voted"),
        (str(at), 0, "The second one."),
        ("0", 0, "The fourth one."),
        ("b", 2, f"2 records of a.jsonl have the id b: name one by its place, as #{at}, #"),
        ("c", 2, "(empty-record)"),
        ("d", 2, "no record of a.jsonl has the id d"),
        (str(sum(len(line) + 1 for line in lines[:-1])), 2, "(not-an-object)"),
    ):
        assert invoke("inspect", f"{path}#{id}")[0] == code
        assert said in invoke("inspect", f"{path}#{id}")[1]
    code, output = invoke("inspect", path)
    assert code == 2
    assert f"add # and the id of one, or its place in the file (as '{path}#0'" in output
    assert invoke("inspect", tmp_path / "b.jsonl#0")[0] == 2


def test_a_dry_run_reads_json_lines(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"a.jsonl": json.dumps({"text": PROSE})}) / "a.jsonl"
    code, said = invoke("run", path, "--dry-run")
    assert code == 0
    assert "1 record" in said


def test_settings_prints_toml_and_takes_a_file(tmp_path: Path) -> None:
    code, printed = invoke("settings")
    assert code == 0
    assert 'scope = "corpus"' in printed
    path = write_files(tmp_path, {"s.toml": '[decide]\nscope = "site"\n'}) / "s.toml"
    assert 'scope = "site"' in invoke("settings", "--settings", path)[1]
    assert invoke("settings", "--settings", tmp_path / "none.toml")[0] == 2


def test_verify_of_a_folder_that_is_no_output(tmp_path: Path) -> None:
    code, output = invoke("verify", tmp_path)
    assert code == 2
    assert "no manifest.json" in output


def test_a_run_without_input_says_how_in_the_format_of_its_log() -> None:
    code, output = invoke("run")
    assert code == 2
    assert output.startswith("copydesk: no input was named")
    assert "copydesk run --help" in output
    code, output = invoke("run", "--log-format", "json")
    assert code == 2
    assert [json.loads(line)["event"] for line in output.splitlines()] == ["error", "ended"]


def test_escape_sequences_in_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    code, output = invoke("inspect", tmp_path / "a\x1b[31mb")
    assert code == 2
    assert "\x1b" not in output
    assert r"\x1b[31m" in output


def test_a_damaged_model_fails_the_run_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise ModelError("the judge's model judge.msgpack cannot be used")

    monkeypatch.setattr("transforms.classifier.load_classifier", damaged)
    code, output = invoke("run", FIRST, "-o", tmp_path / "out")
    assert (code, output) == (1, "copydesk: the judge's model judge.msgpack cannot be used\n")
    assert not (tmp_path / "out").exists()


def test_the_mode_of_the_judge_leaves_its_other_settings_alone(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[judge]\nrequire_article = false\nlean = 3\n")
    words = ("--settings", tmp_path / "settings.toml", "--judge", "lenient")
    assert invoke("run", FIRST, "-o", tmp_path / "out", "-q", *words)[0] == 0
    judge = json.loads((tmp_path / "out" / "manifest.json").read_text())["settings"]["judge"]
    assert judge["require_article"] is False
    assert judge["lean"] == JUDGE_MODES["lenient"]["lean"]


def test_inspect_takes_the_modes_of_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    def show(_: str, settings: Settings, __: int, **_views: object) -> list[str]:
        return [f"{settings.judge.lean} {settings.split.extraction}"]

    monkeypatch.setattr("pipeline.inspector.inspect", show)
    assert invoke("inspect", FIRST, "--judge", "strict", "--fast") == (0, "-5 none\n")
    assert invoke("inspect", FIRST) == (0, "7 trafilatura\n")


def commands(group: click.Group = main, *before: str) -> Iterator[tuple[str, ...]]:
    yield before
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield (*before, name)


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_help_fits_a_screen_and_has_an_example(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "--help"], terminal_width=80)
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "..." not in result.output.partition("Commands:")[2]
    if words != ("history",):
        assert f"\n  copydesk {' '.join(words)}" in result.output


def test_every_option_of_a_run_is_a_word_away() -> None:
    _, short = invoke("run", "--help")
    code, output = invoke("run", "--help-all")
    assert code == 0
    assert "--help-all" in short
    assert "--wait" not in short
    options = [name for each in main.commands["run"].params for name in each.opts]
    assert all(name in output for name in options if name.startswith("--"))
    assert "Any option of Apache Beam passes through" in output


def test_without_arguments_it_says_what_to_do_first() -> None:
    code, output = invoke()
    assert code == 2
    assert "Start here:\n  copydesk inspect page.html" in output
    code, output = invoke("run")
    assert code == 2
    assert "copydesk run articles/ -o clean" in output


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("copydesk re", "plain,report"),
        ("copydesk run --over", "plain,--overwrite"),
        ("copydesk run --judge le", "plain,lenient"),
        ("copydesk run art", "file,art"),
        ("copydesk history d", "plain,drop"),
    ],
)
def test_a_shell_completes_commands_options_and_names(line: str, expected: str) -> None:
    asking = {
        "_COPYDESK_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }
    result = CliRunner().invoke(main, [], env=asking, prog_name="copydesk")
    assert result.output.split() == [expected]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_for_the_shell_that_is_named_or_used(shell: str) -> None:
    named = CliRunner().invoke(main, ["completion", shell], env={"SHELL": "/bin/odd"})
    used = CliRunner().invoke(main, ["completion"], env={"SHELL": f"/usr/bin/{shell}"})
    assert named.output == used.output
    assert f"{shell}_complete" in named.output
    unknown = CliRunner().invoke(main, ["completion"], env={"SHELL": "/bin/odd"})
    assert unknown.exit_code == 2
    assert "copydesk completion bash|zsh|fish" in unknown.output
