"""Other engines: the same bytes as the local one, from processes that know nothing of this one."""

from __future__ import annotations

import hashlib
import sys
import time
import zipfile
from pathlib import Path

import msgspec
import pytest

from deploy import fetch
from deploy.check import Different, check_same
from deploy.corpus import write_corpus
from deploy.engines import Engine, start_prism, start_python
from deploy.processes import LOOPBACK, EngineError, Processes, children_of, free_port, listens
from pipeline.circumstances import RunRecord
from pipeline.outputs import RUN
from pipeline.run import run
from tests.running import ARTICLES, PROJECT, clean, contents, copydesk
from transforms.settings import Settings

FIXTURES = PROJECT / "fixtures"
SECONDS = 30.0


def check_fixtures(engine: Engine, folder: Path) -> None:
    run([str(FIXTURES)], folder / "other", Settings(), beam_flags=engine.flags)
    local = clean(folder / "local", FIXTURES)
    assert contents(folder / "other") == contents(local)
    one, other = (
        msgspec.json.decode((folder / name / RUN).read_bytes(), type=RunRecord)
        for name in ("local", "other")
    )
    assert other.workers is None
    assert other.seconds_by_step.keys() == one.seconds_by_step.keys()


def test_a_job_server_and_a_pool_of_foreign_workers_write_the_same_bytes(tmp_path: Path) -> None:
    with Processes(tmp_path / "logs") as processes:
        check_fixtures(start_python(processes, tmp_path), tmp_path)


def test_the_command_submits_to_a_job_server_as_flink_and_spark_do(tmp_path: Path) -> None:
    local = clean(tmp_path / "local", ARTICLES)
    with Processes(tmp_path / "logs") as processes:
        flags = start_python(processes, tmp_path).flags[1:]
        apart = [word for flag in flags for word in flag.split("=")]
        for runner in (["FlinkRunner", "--parallelism", "2"], ["SparkRunner"]):
            output = tmp_path / runner[0]
            done = copydesk("run", ARTICLES, "--runner", *runner, *apart, "-o", output)
            assert done.returncode == 0, done.stderr
            assert contents(output) == contents(local)


@pytest.mark.long
def test_prism_writes_the_same_bytes(tmp_path: Path) -> None:
    with Processes(tmp_path / "logs") as processes:
        try:
            engine = start_prism(processes, tmp_path)
        except fetch.NotHere as error:
            pytest.skip(f"prism: {error}")
        check_fixtures(engine, tmp_path)


def test_a_difference_between_two_outputs_is_named(tmp_path: Path) -> None:
    outputs = [tmp_path / name for name in ("one", "other")]
    for folder in outputs:
        (folder / "documents").mkdir(parents=True)
        (folder / "documents" / "part-00000.jsonl").write_text("{}\n")
        (folder / "run.json").write_text(folder.name)
    check_same(*outputs)
    (outputs[1] / "documents" / "part-00001.jsonl").touch()
    with pytest.raises(Different, match=r"part-00001\.jsonl"):
        check_same(*outputs)
    (outputs[0] / "documents" / "part-00001.jsonl").write_text("{}\n")
    with pytest.raises(Different, match=r"part-00001\.jsonl differ"):
        check_same(*outputs)


def test_the_generated_corpus_is_the_same_every_time_and_repeats_itself(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_corpus(tmp_path / name, 300_000)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    paragraphs = b"".join(contents(tmp_path / "one").values()).splitlines()
    assert 300_000 <= sum(map(len, paragraphs)) + len(paragraphs) < 330_000
    assert 0.75 < len({*paragraphs}) / len(paragraphs) < 0.95


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    port = free_port()
    serve = f"import socket, time; s = socket.create_server(('{LOOPBACK}', {port})); time.sleep(99)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {serve!r}])"
    with Processes(tmp_path) as processes:
        processes.start("parent", [sys.executable, "-c", parent])
        processes.wait("parent", listens(port), SECONDS)
        assert len(children_of(processes.id_of("parent"))) == 1
    limit = time.monotonic() + SECONDS
    while listens(port)() and time.monotonic() < limit:
        time.sleep(0.05)
    assert not listens(port)()


def test_a_process_that_does_not_start_says_why(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        processes.start("server", [sys.executable, "-c", "import sys; sys.exit('no such jar')"])
        with pytest.raises(EngineError, match=r"server ended:\nno such jar"):
            processes.wait("server", lambda: False, SECONDS)


def test_a_part_that_is_not_to_be_had_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    for part, named in ((fetch.flink_job_server, "mvn"), (fetch.prism, "go"), (fetch.java, "java")):
        with pytest.raises(fetch.NotHere, match=f"{named} is not on this machine"):
            part()
    monkeypatch.setenv("COPYDESK_PRISM", str(tmp_path / "none"))
    with pytest.raises(fetch.NotHere, match="COPYDESK_PRISM names"):
        fetch.prism()


def test_only_the_wheel_that_was_tried_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "flink.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pyflink/lib/flink-dist.jar", b"jar")
        archive.writestr("pyflink/bin/flink-dist.jar", b"another place")
    with pytest.raises(fetch.NotHere, match="digest"):
        fetch.unpack(wheel, tmp_path / "lib")
    assert not (tmp_path / "lib").exists()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    monkeypatch.setattr(fetch, "_FLINK_SHA256", digest)
    fetch.unpack(wheel, tmp_path / "lib")
    assert contents(tmp_path / "lib") == {"flink-dist.jar": b"jar"}
