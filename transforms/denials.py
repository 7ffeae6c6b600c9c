"""Words of denial in many languages: a claim is not its denial.

Two nearly equal paragraphs are only asked whether they have the same number of
them, so a word that denies in one language and says something else in another
does no harm.  Words that are common English are left out.
"""

from __future__ import annotations

import re
from typing import Final

import re2

from transforms import english
from transforms.folding import words

_OTHERS: Final = frozenset(
    words("""
    nicht nichts kein keine keinen keinem keiner keines nie niemals niemand ohne weder
    non ne pas jamais rien aucun aucune sans ni nunca jamás nadie ningún ninguna ninguno tampoco
    não ninguém nenhum nenhuma sem nem mai nessuno nessuna senza né mai nu niciodată fără nimeni
    niet geen nooit niemand zonder inte ej aldrig ingen inget inga utan ikke aldri intet uten uden
    ei eivät ilman mitte nem nincs nélkül nie nigdy nikt bez ani żaden nikdy nikdo není nejsou
    не нет ни никогда никто без нельзя немає ні няма
    δεν δε μη μην χωρίς değil yok tidak bukan tanpa belum không chưa chẳng
    لا لم لن ليس ليست غير بدون نیست نه هیچ לא אין בלי नहीं न मत बिना இல்லை
    """)
)

DENIALS: Final = english.NEGATIONS | _OTHERS
"""Folded words of denial."""

_INSIDE: Final = re2.compile("[不没沒未無无非]|ない|なかっ|なく|ません|않|못|없|아니|ไม่|มิได้")
"""What denies inside a run of letters: Chinese, Japanese, Korean, Thai."""
_ITS_SCRIPTS: Final = re.compile("[\u0e00-\u0eff\u3000-\uffff]")
"""Far cheaper to look for, and Latin letters and quotation marks are not among them."""


def denials_inside(text: str) -> int:
    """How often a text denies without a word of its own for it.

    >>> denials_inside("港口没有关闭"), denials_inside("The port is not shut")
    (1, 0)
    """
    if text.isascii() or _ITS_SCRIPTS.search(text) is None:
        return 0
    return len(_INSIDE.findall(text))
