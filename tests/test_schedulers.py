"""deploy/: what schedulers start, and that their files are what each of them takes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import kubernetes_validate
import pytest
import yaml

from deploy.dataflow import main as dataflow
from tests.running import PROJECT, records, write_files

DEPLOY: Final = PROJECT / "deploy"
DAILY: Final = DEPLOY / "daily"
UNIT: Final = DEPLOY / "systemd"
BODY: Final = (
    "The town council voted on Monday for a new bridge over the river Arle, officials said."
)

(CRON_JOB, NETWORK) = yaml.safe_load_all((DEPLOY / "kubernetes" / "cronjob.yaml").read_text())
POD: Final = CRON_JOB["spec"]["jobTemplate"]["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]


def assignments(path: Path) -> dict[str, str]:
    found = [line.split("=", 1) for line in path.read_text().splitlines() if "=" in line]
    return {name: value for name, value in found if name.isidentifier()}


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    """A command ``copydesk`` that writes down its words, one a line, and ends as it is told."""
    script = '#!/bin/sh\nprintf "%s\\n" "$@" -- >>"$CALLS"\n[ "$1" != run ] || exit "${CODE:-0}"\n'
    command = write_files(tmp_path, {"bin/copydesk": script}) / "bin" / "copydesk"
    command.chmod(0o755)
    return command.parent


def daily(stub: Path, *words: str, **settings: str) -> tuple[int, list[list[str]], str]:
    calls = stub / "calls"
    calls.unlink(missing_ok=True)
    done = subprocess.run(
        [DAILY, *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{stub}:/usr/bin:/bin", "CALLS": str(calls), **settings},
    )
    said = calls.read_text() if calls.exists() else ""
    return done.returncode, [call.splitlines() for call in said.split("--\n")[:-1]], done.stderr


PATHS: Final = {"COPYDESK_INPUT": "/a b/{date}/*.html", "COPYDESK_OUTPUT": "/clean/{date}"}


def test_a_day_is_cleaned_then_old_outputs_go(stub: Path) -> None:
    code, calls, _ = daily(stub, "2026-11-26", COPYDESK_KEEP="30", **PATHS)
    assert code == 0
    (run, prune) = calls
    assert run[:6] == [
        "run",
        "/a b/{date}/*.html",
        "--output",
        "/clean/{date}",
        "--date",
        "2026-11-26",
    ]
    assert prune == ["prune", "/clean/{date}", "--keep", "30"]


def test_what_is_not_set_is_not_asked_for(stub: Path) -> None:
    _, (run,), _ = daily(stub, "2026-11-26", **PATHS)
    assert not {"--history", "--metrics", "prune"} & set(run)
    more = {
        "COPYDESK_HISTORY": "/h",
        "COPYDESK_METRICS": "/m",
        "COPYDESK_OPTIONS": "--fast --scope *",
    }
    _, (run,), _ = daily(stub, "2026-11-26", **more, **PATHS)
    options = " ".join(run)
    assert "--history /h --run-name 2026-11-26 --metrics /m --fast --scope *" in options


def test_by_default_it_is_yesterday(stub: Path) -> None:
    _, (run,), _ = daily(stub, **PATHS)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", run[run.index("--date") + 1])


def test_a_failed_run_removes_nothing_and_its_code_is_passed_on(stub: Path) -> None:
    for number in (1, 2, 3):
        code, calls, _ = daily(stub, COPYDESK_KEEP="1", CODE=str(number), **PATHS)
        assert code == number
        assert [call[0] for call in calls] == ["run"]
    code, calls, said = daily(stub)
    assert (code, calls) == (2, [])
    assert "COPYDESK_INPUT: says what to read: /srv/scrapes/{date}" in said


def test_every_scheduler_uses_the_settings_of_daily() -> None:
    known = set(re.findall(r"COPYDESK_[A-Z]+", DAILY.read_text()))
    cron = assignments(DEPLOY / "cron" / "copydesk")
    unit = assignments(UNIT / "copydesk.env")
    pod = {each["name"] for each in CONTAINER["env"]}
    for names in (set(cron), set(unit), pod):
        own = {name for name in names if name.startswith("COPYDESK_")}
        assert {"COPYDESK_INPUT", "COPYDESK_OUTPUT"} <= own <= known
    assert {name: cron[name] for name in unit} == unit


def test_cron_starts_daily_as_a_user_without_rights() -> None:
    lines = (DEPLOY / "cron" / "copydesk").read_text().splitlines()
    (entry,) = [line for line in lines if line[0].isdigit()]
    *_, user, command = entry.split(maxsplit=6)
    assert (user, command) == ("copydesk", "/opt/copydesk/deploy/daily")
    assert "%" not in entry  # a line end, to cron


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_its_units(tmp_path: Path) -> None:
    for name in ("copydesk.service", "copydesk.timer"):
        text = (UNIT / name).read_text().replace("/opt/copydesk/", f"{PROJECT}/")
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("resource", [CRON_JOB, NETWORK], ids=lambda each: str(each["kind"]))
def test_kubernetes_takes_its_resources(resource: dict[str, Any]) -> None:
    for version in ("1.31", "1.35"):
        kubernetes_validate.validate(resource, version, strict=True)


def test_the_pod_has_no_rights_and_a_limit() -> None:
    assert POD["securityContext"]["runAsNonRoot"]
    assert not POD["automountServiceAccountToken"]
    security = CONTAINER["securityContext"]
    assert security["readOnlyRootFilesystem"]
    assert not security["allowPrivilegeEscalation"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert CONTAINER["resources"]["limits"]["memory"]
    labels = CRON_JOB["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    assert NETWORK["spec"]["podSelector"]["matchLabels"] == labels
    assert "egress" not in NETWORK["spec"]


@pytest.mark.parametrize("name", ["docker", "dataflow"])
def test_a_linter_finds_nothing_in_the_images(name: str) -> None:
    path = DEPLOY / name / "Dockerfile"
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    text = path.read_text()
    assert "--require-hashes" in text
    let = path.with_name("Dockerfile.dockerignore").read_text().splitlines()
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE):
        for source in line.split():
            assert (PROJECT / source).exists()
            assert f"!{source}" in let


def test_the_image_runs_as_a_user_without_rights_and_so_does_the_pod() -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text()
    (user,) = re.findall(r"^USER (\d+):\d+$", text, re.MULTILINE)
    assert POD["securityContext"]["runAsUser"] == int(user) != 0
    for base in re.findall(r"^FROM (\S+)", text, re.MULTILINE):
        assert re.search(r":\d+\.\d+\.\d+", base)


def test_the_parameters_of_the_template_are_those_of_its_program() -> None:
    metadata = json.loads((DEPLOY / "dataflow" / "metadata.json").read_text())
    options = {
        action.dest: action.required
        for action in dataflow.parser()._actions
        if action.dest != "help"
    }
    listed = {each["name"]: not each["isOptional"] for each in metadata["parameters"]}
    assert listed == options
    for each in metadata["parameters"]:
        assert {"label", "helpText", "paramType"} <= each.keys()
        for pattern in each.get("regexes", ()):
            re.compile(pattern)


def test_the_program_of_the_template_reads_and_writes_json_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "text": f"Share this\n{BODY}"}).encode(),
        json.dumps({"id": 7, "text": BODY, "url": "https://herald.example/7"}).encode(),
        b"no JSON",
        b"\xff",
    ]
    path = tmp_path / "crawl.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    local = ["--runner=DirectRunner", "--allow_unsafe_triggers"]
    corpus = ["--compare=corpus", f"--staging={tmp_path / 'staging'}"]
    runs: dict[str, list[str]] = {"each": [], "corpus": corpus}
    for name, more in runs.items():
        words = [f"--input={path}", f"--output={tmp_path / name}", *more, *local]
        dataflow.main(words)
    found = {name: {row["id"] for row in records(tmp_path / name, "documents")} for name in runs}
    assert found == {"each": {"a", "7"}, "corpus": {"a"}}
    for name in runs:
        letters = records(tmp_path / name, "rejected")
        assert [letter["error"] for letter in letters] == ["invalid-json"] * 2
        assert {letter["source"] for letter in letters} == {str(path)}
        assert {row["reason"] for row in records(tmp_path / name, "removed")} >= {"share-widget"}


def test_the_template_wants_a_folder_to_compare_a_corpus(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        dataflow.main(["--input=a", "--output=b", "--compare=corpus"])
    assert "--staging" in capsys.readouterr().err
