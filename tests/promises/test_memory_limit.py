"""Promise 3 under a memory limit: fewer workers and more passes write the same bytes."""

from pathlib import Path

import pytest

from pipeline import run as run_module
from pipeline.errors import UserError
from pipeline.memory import MemoryPlan
from tests.running import ARTICLES, SHAPES, clean, copydesk
from transforms.settings import Settings


def contents(output: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def test_passes_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = clean(tmp_path / "once", ARTICLES, SHAPES)
    monkeypatch.setattr(run_module, "plan_memory", lambda *_: MemoryPlan(1, 7, 0))
    assert contents(clean(tmp_path / "often", ARTICLES, SHAPES)) == contents(once)
    assert '"passes": 7' in (tmp_path / "often" / "run.json").read_text()


def test_a_limit_that_cannot_be_kept_is_a_wrong_usage_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    done = copydesk("run", ARTICLES, "-o", tmp_path / "out", "--memory-limit", "100MB")
    assert done.returncode == 2
    assert "--memory-limit allows 100 MB" in done.stderr
    assert "FlinkRunner" in done.stderr
    assert not (tmp_path / "out").exists()
    wrong = copydesk("run", ARTICLES, "-o", tmp_path / "out", "--memory-limit", "much")
    assert wrong.returncode == 2
    assert "is no size" in wrong.stderr


def test_a_limit_is_for_the_local_engine(tmp_path: Path) -> None:
    flags = ["--runner=FlinkRunner", "--job_endpoint=localhost:1"]
    with pytest.raises(UserError, match="runner instead"):
        run_module.run(
            [str(ARTICLES)],
            tmp_path / "out",
            Settings(),
            memory_limit=1 << 40,
            beam_flags=flags,
        )
