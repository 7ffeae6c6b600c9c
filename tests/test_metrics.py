"""Metrics: a file that Prometheus's own parser reads, whatever became of the run."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.metrics import Ended, write_metrics
from pipeline.outputs import Manifest, Tally
from tests.running import write_files

TALLY = Tally(
    records=3,
    statuses={"kept": 2, "rejected": 1},
    characters_in=100,
    characters_out=70,
    verdicts={"keep": 5, "duplicate": 2, "boilerplate": 1},
    reasons={"timestamp": 1},
    errors={"binary-record": 1},
)


def ended(code: int, counts: Tally | None = None) -> Ended:
    manifest = Manifest(
        copydesk="1",
        format=1,
        settings={},
        settings_sha256="",
        run=None,
        history=(),
        counts=counts or Tally(),
        files=(),
    )
    return Ended(code, 1.5, manifest if counts is not None else None, None)


def samples(path: Path) -> dict[tuple[str, str], float]:
    found = {}
    for family in text_string_to_metric_families(path.read_text()):
        assert family.type == "gauge"
        for sample in family.samples:
            assert sample.labels.pop("run") == path.stem
            found[sample.name, "".join(sample.labels.values())] = sample.value
    return found


def test_what_a_run_did_is_in_the_file(tmp_path: Path) -> None:
    write_metrics(tmp_path / "news.prom", ended(0, TALLY))
    found = samples(tmp_path / "news.prom")
    assert found["copydesk_exit_code", ""] == 0
    assert found["copydesk_run_seconds", ""] == 1.5
    assert found["copydesk_records", "kept"] == 2
    assert found["copydesk_rejected_records", "binary-record"] == 1
    assert found["copydesk_input_characters", ""] == 100
    assert found["copydesk_output_characters", ""] == 70
    assert found["copydesk_removed_paragraphs", "duplicate"] == 2
    assert ("copydesk_removed_paragraphs", "keep") not in found
    assert found["copydesk_boilerplate_paragraphs", "timestamp"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["news.prom"]


def test_a_run_that_fails_keeps_the_time_of_the_last_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.prom"
    for now, code, success in ((10.0, 1, None), (20.0, 0, 20.0), (30.0, 3, 20.0), (40.0, 1, 20.0)):
        monkeypatch.setattr("time.time", lambda now=now: now)
        write_metrics(path, ended(code))
        found = samples(path)
        assert found["copydesk_exit_code", ""] == code
        assert found["copydesk_last_run_timestamp_seconds", ""] == now
        assert found.get(("copydesk_last_success_timestamp_seconds", "")) == success


@pytest.mark.parametrize("before", [b"\xff\xfe", b"nonsense {", b""])
def test_a_file_that_is_no_metrics_is_replaced(before: bytes, tmp_path: Path) -> None:
    path = write_files(tmp_path, {"a.prom": before}) / "a.prom"
    write_metrics(path, ended(1))
    assert ("copydesk_last_success_timestamp_seconds", "") not in samples(path)
