"""Promise 3 under stress: nothing around a run changes a byte of what it writes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.verify import verify
from tests.circumstances import Circumstances, locale_of, nasty, run_under, shifted_clock
from tests.running import contents, records
from tests.unicode14 import digest

SAID_BY_UNICODE_14 = "af9a1d3d5fd71bde262f7c6ba7f65c577248efbc5ddc1ef306dc5db8ef3ef074"
"""By Python 3.11, and the same by 3.12 and 3.13."""

PLAIN = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"}
MANY_THREADS = {"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "5", "ARROW_IO_THREADS": "13"}
FEW_FILES = 64
DAYS = 400


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return nasty(tmp_path_factory.mktemp("nasty"))


@pytest.fixture(scope="module")
def reference(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    return run_under(Circumstances(PLAIN), folder / "out", source, cwd=folder)


def found(path: Path, environment: Mapping[str, str] | None) -> Mapping[str, str]:
    if environment is None:
        pytest.skip(f"this machine cannot make {path.name}")
    return environment


def test_the_corpus_is_nasty(source: Path, reference: Path) -> None:
    assert verify(reference, [str(source)]).problems == []
    rows = records(reference, "sources")
    assert {row["encoding"] for row in rows} >= {"utf-8", "windows-1254", "koi8-r", "cp932"}
    assert {"kept", "rejected"} <= {row["status"] for row in rows}
    verdicts = {row["verdict"] for row in records(reference, "removed")}
    assert verdicts >= {"boilerplate", "duplicate", "restatement"}
    assert len(records(reference, "rejected")) >= 2


def test_in_a_c_locale_far_in_the_east_with_files_in_another_order_and_few_of_them_open(
    reference: Path, tmp_path: Path
) -> None:
    around = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", **ASCII, **ONE_THREAD}
    around["PYTHONINTMAXSTRDIGITS"] = "640"  # the least that Python takes
    strict = Circumstances(around, umask=0o077, open_files=FEW_FILES)
    elsewhere = nasty(tmp_path / "another folder", backwards=True)
    output = run_under(strict, tmp_path / "out", elsewhere, cwd=tmp_path)
    assert contents(output) == contents(reference)
    assert {path.stat().st_mode & 0o077 for path in output.rglob("*")} == {0}


def test_in_turkish_far_in_the_west_on_another_day_with_many_threads(
    source: Path, reference: Path, tmp_path: Path
) -> None:
    turkish = found(tmp_path / "tr_TR.UTF-8", locale_of(tmp_path, "tr_TR.UTF-8"))
    clock = found(tmp_path / "a shifted clock", shifted_clock(tmp_path, DAYS))
    around = {"PYTHONHASHSEED": "random", "TZ": "Pacific/Pago_Pago", **turkish, **clock}
    around["PYTHONINTMAXSTRDIGITS"] = "0"  # any number of them
    loose = Circumstances({**around, **MANY_THREADS}, umask=0)
    output = run_under(loose, tmp_path / "out", source, cwd=source)
    assert contents(output) == contents(reference)
    began, later = (
        datetime.datetime.fromisoformat(json.loads((each / "run.json").read_text())["start"])
        for each in (reference, output)
    )
    assert (later - began).days in (DAYS - 1, DAYS)  # the clock was off


@pytest.mark.long
@pytest.mark.parametrize("name", ["de_DE.ISO-8859-1", "ja_JP.UTF-8", "C.UTF-8", "POSIX"])
@pytest.mark.parametrize("zone", ["America/St_Johns", "Europe/Berlin"])
def test_in_many_locales_and_zones(
    name: str, zone: str, source: Path, reference: Path, tmp_path: Path
) -> None:
    there: Mapping[str, str] = {"LC_ALL": name}
    if "_" in name:
        there = found(tmp_path / name, locale_of(tmp_path, name))
    around = {"PYTHONHASHSEED": "random", "TZ": zone, **there}
    output = run_under(Circumstances(around), tmp_path / "out", source, cwd=Path("/"))
    assert contents(output) == contents(reference)


def test_what_python_says_of_the_characters_of_unicode_14_is_the_same_in_every_version() -> None:
    assert digest() == SAID_BY_UNICODE_14
