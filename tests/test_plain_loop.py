"""The plain loop of the benchmarks does what the graph says: the same bytes."""

from pathlib import Path

from tests.running import ARTICLES, SHAPES, clean, contents, copydesk


def test_a_plain_loop_writes_the_same_bytes(tmp_path: Path) -> None:
    usual = clean(tmp_path / "usual", ARTICLES, SHAPES)
    loop = tmp_path / "loop"
    done = copydesk("run", ARTICLES, SHAPES, "-o", loop, "--runner=benchmarks.speed_loop.PlainLoop")
    assert done.returncode == 0, done.stderr
    assert contents(loop) == contents(usual)
