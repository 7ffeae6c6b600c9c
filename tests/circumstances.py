"""A small nasty corpus, and the command under circumstances of the caller's choice."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.running import PROJECT, write_files

_SECONDS: Final = 300
_PAGE: Final = """<!doctype html><html lang="tr"><head><title>ISPARTA'DA YANGIN - Haber</title>
<meta property="article:published_time" content="{date}"></head><body><nav>Ana Sayfa | Iletisim</nav>
<article><h1>ISPARTA'DA YANGIN</h1><p>{one}</p><p>{two}</p><p>Okuma süresi 3 dk</p></article>
<footer>© 2019 Haber</footer></body></html>"""
_NUMBERS: Final = """<script type="application/ld+json">{{"@type": "NewsArticle", "author": "Ayşe Kaya",
"wordCount": {digits}, "datePublished": "2019-04-02", "headline": "Yang\\ud83d"}}</script>"""
_TURKISH: Final = (
    "Isparta'da dün akşam çıkan yangında İl Özel İdaresi'ne ait ıssız bir depo kullanılamaz hale geldi.",
    "ISPARTA'DA DÜN AKŞAM ÇIKAN YANGINDA İL ÖZEL İDARESİ'NE AİT ISSIZ BİR DEPO KULLANILAMAZ HALE GELDİ.",
    "Vali, ilk bulgulara göre 1.500 liralık zararın 03.04.2019 günü saat 22:15'te oluştuğunu söyledi.",
)
_GERMAN: Final = (
    "Die Straße nach Groß Köris wird am 3. April für 1.234,56 Euro je Meter erneuert, sagte Weiß.",
    "DIE STRASSE NACH GROSS KÖRIS WIRD AM 3. APRIL FÜR 1.234,56 EURO JE METER ERNEUERT, SAGTE WEISS.",
)
_ENGLISH: Final = (
    "The council of Arlemouth voted on Monday, 03/04/2019, for a bridge of £1,234.56m over the Arle.",
    "The council of Arlemouth voted on Monday, 03/04/2019, for a bridge of £1,234.65m over the Arle.",
    "Since 2011, when a storm brought the old one into the river, Arlemouth has waited without a bridge"
    " for the Arle Bridge Fund (ABF).",
    "Arlemouth has been without a bridge since 2011, when the old one fell into the river in a storm,"
    " and the town has waited for the Arle Bridge Fund (ABF) ever since.",
)
_MIXED: Final = (
    "Ο Σίσυφος ανέβαζε τον βράχο ΟΔΟΣ ΟΔΥΣΣΕΩΣ, είπε ο δήμαρχος της πόλης στις 14 Μαΐου 2019.",
    "Мэр города сообщил, что мост через реку откроют 14 мая 2019 года, работы обошлись в 1 234,5 млн.",
    "市議会は月曜日、アール川に新しい橋を架けることを賛成多数で決めた。費用は一二三四万円になる。",
    "สภาเมืองลงมติเมื่อวันจันทร์ให้สร้างสะพานใหม่ข้ามแม่น้ำด้วยงบประมาณ ๑๒๓๔ ล้านบาท",
    "قال رئيس البلدية إن الجسر الجديد سيفتح في ١٤ مايو ٢٠١٩ بكلفة ١٢٣٤ مليون",
    "ǅ, ﬁ, ㎏, ½, ², Ⅷ, İi, ẞß, ŉ, NATOꟲ and e\u0301\u0327 stand in one line of text that is long enough.",
)


def nasty(folder: Path, *, backwards: bool = False) -> Path:
    """Texts that casing, dates, numbers, charsets and names could be read otherwise in.

    ``backwards`` writes the same files in the opposite order.
    """
    feed = [
        {"id": name, "text": "\n\n".join(lines), "url": f"https://{name}.example/a", "published": date}
        for name, lines, date in (
            ("ISTANBUL", _TURKISH, "2019-04-03T23:59:59+14:00"),
            ("istanbul", _TURKISH[::-1], "2019-04-04T00:00:01-11:00"),
            ("ıstanbul", [*_GERMAN, *_ENGLISH], "2019-04-03"),
            ("straße", [*_ENGLISH[::-1], *_MIXED], "Wed, 03 Apr 2019 22:00:00 GMT"),
        )
    ]  # fmt: skip
    page = _PAGE.format(date="2019-04-03T23:30:00-10:00", one=_TURKISH[0], two=_TURKISH[2])
    later = _PAGE.format(date="3 April 2019", one=_TURKISH[1], two=_TURKISH[2])
    # More digits of an integer than Python reads at the least, and than it does by default.
    long, longer = (_NUMBERS.format(digits="9" * count) for count in (700, 5_000))
    files: dict[str, str | bytes] = {
        "İ/I.txt": "\n".join([*_TURKISH, *_ENGLISH[:2]]),
        "i/ı.txt": "\n".join([*_ENGLISH[2:], *_TURKISH]),
        "i/cp1254.txt": "\n".join(_TURKISH).encode("cp1254"),
        "i/koi8.txt": "\n".join([_MIXED[1]] * 3 + ["Читайте также"]).encode("koi8-r"),
        "i/sjis.txt": "\n".join([_MIXED[2]] * 2).encode("shift_jis"),
        "i/page.html": page.encode("iso8859-9"),
        "i/later.html": later,
        "i/long.html": later.replace("</head>", f"{long}</head>"),
        "i/longer.html": later.replace("</head>", f"{longer}</head>"),
        "e\u0301.txt": "\n".join([*_MIXED, *_GERMAN]),
        "\u00e9.txt": "\n".join([*_MIXED[::-1], *_GERMAN]),
        "broken.txt": b"\xff\xfe\x00" + bytes(range(128, 256)) * 4,
        "a/feed.jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in feed) + '\n{"id": 1\n',
        "a/table.csv": 'id,text\r\n1,"' + _GERMAN[0] + '"\r\n2,"' + _ENGLISH[3] + '\r\n',
    }  # fmt: skip
    names = sorted(files, reverse=backwards)
    return write_files(folder, {name: files[name] for name in names})


def of_characters(path: Path, characters: Sequence[str], *, step: int) -> Path:
    """A document for every ``step`` characters, each between letters, figures and marks."""
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, len(characters), step):
            lines = [f"Co{''.join(characters[start : start + step])}uncil votes {start}"]
            lines += [
                f"The town{one} council voted {one}Monday N{one}ATO for{one} {one} a 1{one}2"
                f" {one * 3} bridge{one} over the A{one}L{one} river Arl\u0065{one}\u0301 {start}."
                for one in characters[start : start + step]
            ]
            row = {"id": str(start), "text": "\n\n".join(lines)}
            file.write(json.dumps(row) + "\n")
    return path


class Circumstances(NamedTuple):
    """What must not matter."""

    environment: Mapping[str, str] = {}
    umask: int = 0o022
    open_files: int | None = None
    python: Path = Path(sys.executable)


def run_under(circumstances: Circumstances, output: Path, *inputs: Path, cwd: Path) -> Path:
    """The command's output, made under these circumstances."""

    def limit() -> None:
        if circumstances.open_files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (circumstances.open_files,) * 2)

    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "TZ" and not name.startswith(("LC_", "LANG", "PYTHON"))
    }
    done = subprocess.run(
        [str(circumstances.python), "-m", "pipeline", "run", *map(str, inputs), "--output", str(output),
         "--workers", "1", "--no-report", "--quiet"],
        capture_output=True, check=False, cwd=cwd, umask=circumstances.umask, preexec_fn=limit,
        timeout=_SECONDS,
        env={**kept, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1",
             **circumstances.environment},
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"{circumstances}: {done.stderr.decode(errors='replace')[-3000:]}")
    return output


_SHIFTED_CLOCK: Final = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define SHIFT %d
int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int status = real(clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += SHIFT;
  return status;
}
int gettimeofday(struct timeval *now, void *zone) {
  struct timespec precise;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to) *to = now.tv_sec;
  return now.tv_sec;
}
"""


def shifted_clock(folder: Path, days: int) -> Mapping[str, str] | None:
    """An environment whose clock is off by some days; ``None`` where that cannot be made."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(_SHIFTED_CLOCK % (days * 86_400))
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return {"LD_PRELOAD": str(library)}


def locale_of(folder: Path, name: str) -> Mapping[str, str] | None:
    """An environment with this locale of glibc, made where it is not installed; or ``None``."""
    maker = shutil.which("localedef")
    if maker is None:
        return None
    language, _, charset = name.partition(".")
    command = [maker, "--no-archive", "-i", language, "-f", charset, str(folder / name)]
    made = subprocess.run(command, check=False, capture_output=True)
    if made.returncode > 1 or not (folder / name / "LC_CTYPE").exists():  # 1: with warnings
        return None
    return {"LOCPATH": str(folder), "LC_ALL": name, "LANG": name}
