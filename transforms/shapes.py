"""Lines whose shape gives them away: stamps, counters, credits, captions, labels.

Scraped text repeats a small set of forms around every article.  Each is one
regular expression for one whole line, in the notation of
:mod:`transforms.patterns`; a capital letter that matters is ``(?-i:...)``.
"""

from __future__ import annotations

from typing import Final

from transforms.patterns import NAME, Pattern, alternatives

_MONTH: Final = alternatives(
    r"""jan(?:uary|uar|vier|eiro)? j[aä]nner enero gennaio stycznia ocak
    feb(?:ruary|ruar|ruari|rero|braio)? f[eé]v(?:rier|ereiro)? lutego şubat
    mar(?:ch|s|zo|ço|ca|t)? m[aä]rz maart apr(?:il)? avril abr(?:il)? aprile kwietnia nisan
    may mai maio mayo maggio maja maj mei mayıs jun[ei]? juin juni[o]? junho giugno czerwca haziran
    jul[yi]? juillet julio julho luglio lipca temmuz
    aug(?:ust|ustus|usti)? ao[uû]t agosto sierpnia ağustos
    sept?(?:ember|embre|iembre)? setembro settembre września eylül
    o[ck]t(?:ober|obre|ubre)? outubro ottobre października ekim
    nov(?:ember|embre|iembre|embro)? listopada kasım
    de[czs](?:ember|embre|embro)? d[eé]cembre dic(?:iembre|embre)? grudnia aralık
    янв\p{L}* фев\p{L}* март\p{L}? апр\p{L}* мая июн\p{L}? июл\p{L}? авг\p{L}* сен\p{L}* окт\p{L}*
    ноя\p{L}* дек\p{L}*"""
)
_DAY: Final = alternatives(
    r"""mon(?:day)? tue(?:s|sday)? wed(?:nesday)? thu(?:rs|rsday)? fri(?:day)? sat(?:urday)?
    sun(?:day)? today yesterday montag dienstag mittwoch donnerstag freitag samstag sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes mi[eé]rcoles jueves viernes s[aá]bado domingo"""
)
_ZONE: Final = alternatives(
    """gmt utc bst cet cest eet eest est edt et cst cdt ct mst mdt pst pdt pt ist msk wib
    aest aedt nzst nzdt jst kst sgt hkt sast"""
)
_UNIT: Final = r"(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month|year|yr)s?"
_DATE_WORD: Final = alternatives(
    r"""first last latest originally re-?published posted updated? modified edited created
    publish(?:ed)? released? reviewed date[ds]? time on at in of by to the and ago an? am pm
    a\.m\.? p\.m\.? est\. reading read le à au um uhr vom stand den der de del el il du h
    veröffentlicht aktualisiert zuletzt erstellt publiée? mise? jour modifiée? publicado
    actualizado pubblicato aggiornato publicerad uppdaterad опубликовано обновлено в г\. года?"""
)
_NUMBER: Final = r"[+-]?\d[\d.,:/'’]*(?:st|nd|rd|th|h|t|z|am|pm)?"
_GLUE: Final = r"[\s.,:;|/·•–—()\[\]@~●⋅>*+-]*"
_TIME_TOKEN: Final = f"(?:{_MONTH}|{_DAY}|{_ZONE}|{_UNIT}|{_DATE_WORD}|{_NUMBER})"
_STAMP: Final = alternatives(
    rf"""\d{{1,2}}[:.h]\d\d
    \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}
    \d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d\d)
    \d{{4}}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]
    {_MONTH}[.,]?\s?\d{{1,2}}(?:st|nd|rd|th)?[.,]*\s?(?:\d{{4}})?
    \d{{1,2}}(?:st|nd|rd|th|\.|er)?[\s-]*(?:de_|of_)?{_MONTH}
    {_MONTH}[.,]?\s?\d{{4}}
    (?:\d+|an?)_{_UNIT}_ago
    (?:il_y_a|vor|hace)_\d+_\p{{L}}+"""
)

_AGENCY: Final = alternatives(
    r"""ap afp reuters tass getty(?:_images)? epa(?:-efe)? efe xinhua dpa ansa pti upi kyodo yonhap
    (?:the_)?associated_press shutterstock istock(?:photo)? adobe_?stock unsplash pexels pixabay
    alamy bloomberg zuma(?:_press)? imago wikimedia(?:_commons)? flickr wireimage depositphotos
    freepik ria_novosti picture_alliance handout screenshot file_photo public_domain"""
)
_PICTURE: Final = alternatives(
    r"""(?:file_)?photo(?:graph|graphy)?s? images? pic(?:ture)?s? illustrations?
    artwork credits? crédits? foto bild imagen imagem immagine фото 写真 图片 사진"""
)
_CREDIT: Final = (
    r"(?:(?:photo|image|picture|video|file) credits?|credits?|crédits?|courtesy|(?:file )?photos?"
    r"|photograph(?:y|s)?|picture|image|foto|bild|фото)"
)
"""What names a credit in the middle of a line."""
_BY: Final = r"(?: by| credit:?| courtesy(?: of)?| via| from)"
_THINGS_COUNTED: Final = alternatives(
    r"""comments? shares? views? likes? repl(?:y|ies) followers? votes? reads? reactions? claps?
    ratings? reviews? posts? results? responses? min(?:ute)?s?(?:[_-]read)?(?:_time)? kommentare?
    commentaires? comentarios? commenti комментари\p{L}+ просмотр\p{L}+"""
)

_CAPTION_WORDS: Final = 120
"""No caption is longer; an article on one line may be."""

SHAPES: Final[tuple[Pattern, ...]] = (
    Pattern(
        "date-stamp",
        "timestamp",
        rf"(?:{_TIME_TOKEN}{_GLUE})*{_STAMP}(?:{_GLUE}{_TIME_TOKEN})*{_GLUE}",
    ),
    Pattern(
        "labelled-date",
        "timestamp",
        r"(?:last |first |date )?(?:published|posted|updated|modified|created|added|aktualisiert"
        rf"|veröffentlicht|publié|publicado|pubblicato|опубликовано) .*{_STAMP}.*",
        max_words=14,
    ),
    Pattern("number", "counter", r"[#+-]?\d[\d.,\s]*[km]?\+?"),
    Pattern("rating", "counter", r"\d(?:\.\d+)?(?:/| out of )(?:5|10|100)(?: .*)?", max_words=6),
    Pattern(
        "price",
        "counter",
        r"(?:us|a|c)?[$€£¥₹] ?\d[\d.,]*(?: .*)?|\d[\d.,]* ?(?:[$€£₽]|kr)",
        max_words=6,
    ),
    Pattern(
        "comments-on",
        "comment",
        r"\d+ (?:comments?|responses?|repl(?:y|ies)|thoughts|kommentare?|commentaires?|comentarios)"
        r" (?:on|to|zu|sur|en|sobre) .*",
        max_words=30,
    ),
    Pattern(
        "comments-counted",
        "counter",
        r"[#+-]?\d[\d.,]* (?:comments?|repl(?:y|ies)|responses?|kommentare?|commentaires?"
        r"|comentarios?|commenti|комментари\p{L}+)",
        anywhere=True,
    ),
    Pattern(
        "counted",
        "counter",
        rf"[#+-]?\d[\d.,]*[km]?\+? ?{_THINGS_COUNTED}(?: so far| on .*)?",
        max_words=16,
    ),
    Pattern(
        "count-of",
        "counter",
        rf"(?:post |est(?:imated)?\.? |read(?:ing)? )*(?:time|lesezeit|{_THINGS_COUNTED})"
        r" ?[:(]? ?\d[\d.,]*[km]?\)?(?: min(?:ute)?s?)?",
    ),
    Pattern(
        "copyright",
        "copyright",
        rf"(?:\S+ )?(?:©|\(c\)|℗).*(?:19|20)\d\d.*|copyright (?:{NAME},? )?(?:19|20)\d\d.*",
        max_words=60,
        anywhere=True,
    ),
    Pattern(
        "rights-reserved",
        "copyright",
        r".*(?:all rights? reserved|alle rechte vorbehalten|tous droits réservés"
        r"|todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati"
        r"|все права защищены|may not be (?:reproduced|published, broadcast)).*",
        max_words=60,
        anywhere=True,
    ),
    Pattern(
        "copyright-holder", "copyright", r"copyright (?:©|\(c\)|by ).*", max_words=16, anywhere=True
    ),
    Pattern(
        "picture-credit",
        "credit",
        rf"[©(]*(?:\(c\))? ?(?:{_PICTURE} ?)+{_BY}* ?[:/|©].*",
        max_words=12,
        anywhere=True,
    ),
    Pattern(
        "picture-by",
        "credit",
        rf"[©(]? ?{_PICTURE}{_BY}+ {NAME}(?:[^.!?]*)\)?",
        max_words=12,
        anywhere=True,
    ),
    Pattern("credit-mark", "credit", r"(?:©|\(c\)) ?\p{L}[^.!?0-9]*", max_words=10, anywhere=True),
    Pattern(
        "agency-credit",
        "credit",
        rf"[^.!?]*(?:/| via |, | - | \| ){_AGENCY}(?: ?[/|,] ?[^.!?]*)?\)?",
        max_words=10,
        anywhere=True,
    ),
    Pattern("agency", "credit", rf"\(?{_AGENCY}\)?", anywhere=True),
    Pattern("courtesy", "credit", r"(?:\S+ )?courtesy(?: of)? .*", max_words=10, anywhere=True),
    Pattern(
        "caption-credit",
        "caption",
        rf".{{5}}.*[(\[] ?(?:{_AGENCY} )?{_CREDIT}(?:{_BY}| ?[:/©])[^()]*[)\]]\.?",
        max_words=_CAPTION_WORDS,
        anywhere=True,
    ),
    Pattern(
        "caption-agency",
        "caption",
        rf".{{15}}.*(?:/| via ){_AGENCY}(?: ?[/|,] ?[^.!?]*)?[)\]]?\.?"
        rf"|.{{15}}.*(?:[^.!?”\"’] [(\[]{_AGENCY}[)\]]|[.!?”\"’)] {_AGENCY})\.?",
        max_words=_CAPTION_WORDS,
        anywhere=True,
    ),
    Pattern(
        "caption-with-credit",
        "caption",
        rf".{{5}}.*[\s.!?”\"’)]{_CREDIT}{_BY}* ?[:©] ?{NAME}[^.!?]*",
        max_words=_CAPTION_WORDS,
        anywhere=True,
    ),
    Pattern(
        "caption-picture-by",
        "caption",
        rf".{{15}}.*[.!?”\"’)] ?{_CREDIT}{_BY} {NAME}[^.!?]*",
        max_words=_CAPTION_WORDS,
        anywhere=True,
    ),
    Pattern(
        "caption-label",
        "caption",
        r"(?:(?:top|main|lead|cover|featured?|header|file|title|hero) )?(?:image|photo|picture"
        r"|photograph|caption|foto|bild|imagen|фото)(?: above| below| left| right| top)?: .*",
    ),
    Pattern(
        "caption-pointer",
        "caption",
        r"(?:pictured|file)(?: above| below| left| right)? ?[:–-] .*|(?:above|below): .*",
    ),
    Pattern(
        "image-word",
        "image-placeholder",
        rf"[(\[<!]*(?:{_PICTURE}|video|img|gif|thumbnail|avatar|icon|logo|placeholder|изображение)"
        r"(?: ?\d+)?(?: (?:of|/) \d+)?(?: (?:placeholder|not available|unavailable))?[)\]>.:]*",
        anywhere=True,
    ),
    Pattern(
        "image-file", "image-placeholder", r"\S+\.(?:jpe?g|png|gif|webp|svg|avif)\)?", anywhere=True
    ),
    Pattern("bare-link", "source-label", r"https?://\S+"),
    Pattern(
        "bare-domain",
        "source-label",
        r"(?:www\.)?[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,30}){0,2}\.[a-z]{2,12}/?",
    ),
    Pattern(
        "source",
        "source-label",
        r"(?:sources?|quellen?|fuentes?|fontes?|источник) ?: ?.*"
        r"|originally (?:published|posted) (?:on|by|in|at) .*"
        r"|with (?:inputs?|reporting) (?:from|by) .*",
        max_words=12,
    ),
    Pattern(
        "byline",
        "byline",
        rf"(?:by|von|par|por|di|автор|text|words)[: ]+{NAME}[^.!?]*",
        max_words=12,
    ),
    Pattern(
        "byline-label",
        "byline",
        r"(?:(?:written|posted|published|edited|reviewed|reported|authored)|(?:medically |fact[ -])"
        r"(?:reviewed|checked)) by\b.*|(?:authors?|editors?|contributors?|correspondent"
        r"|(?:staff|senior|contributing) (?:writer|reporter|editor))(?: ?: .*)?",
        max_words=14,
    ),
)
