"""Bad files of every kind in one run: each record is read, or a dead letter with the right reason."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from pipeline.verify import verify
from tests.bad_files import READ, SETTINGS, bad_files, found_outcomes
from tests.running import PROJECT, copydesk, records


def test_every_record_of_every_kind_of_bad_file_is_accounted_for(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    files = list(bad_files(1, seed=7))
    for file in files:
        file.make(folder / file.name)
    (tmp_path / "s.toml").write_text(SETTINGS)
    done = copydesk("run", folder, "-o", output, "--settings", tmp_path / "s.toml", "--no-report")
    assert done.returncode == 0, done.stderr
    assert found_outcomes(output) == {file.name: file.outcomes for file in files}
    assert verify(output, [str(folder)]).problems == []
    for row in records(output, "rejected"):
        assert len(row["message"]) > 20
        assert row["sample"].isascii()


def test_every_error_is_in_the_docs_and_most_have_a_file_here() -> None:
    table = (PROJECT / "docs" / "output.md").read_text().partition("## rejected/part-*")[2]
    told = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", table.partition("\n## ")[0]))
    made = sum((file.outcomes for file in bad_files(1)), Counter[str]())
    assert len(made) > 20
    assert set(made) - {READ} <= told
