"""Targets: pure functions from bytes and texts."""

from __future__ import annotations

import codecs
from itertools import chain
from typing import Final

import numpy as np
from datasketch import MinHash

from pipeline.rebuild import rebuild
from tests.corpora import output_of
from tests.fuzzing.checks import check_document, check_error, check_judged
from tests.test_folding import folded_words
from transforms.assemble import Records
from transforms.block import Block, RecordError
from transforms.cleaning import clean, clean_each
from transforms.decoding import decode_record
from transforms.document import TEXT, Document, Record
from transforms.facts import facts_of
from transforms.folded import fold_texts
from transforms.folding import digest, fold, words
from transforms.judging import judge_ahead, judge_document
from transforms.minhash import signatures
from transforms.normalise import normalise
from transforms.settings import DecodeSettings, RestatementSettings, Settings, SplitSettings
from transforms.shingles import hashed_words, intersections, shingle_hash32, shingle_sets
from transforms.single import judge_block_records
from transforms.splitting import split_record
from transforms.terms import document_terms
from transforms.vetoes import near_duplicate_vetoes, restatement_vetoes

CHARSETS: Final = (
    None, TEXT, "utf-8", "windows-1252", "utf-16", "utf-16be", "shift_jis", "gb18030",
    "iso-2022-jp", "euc-kr", "big5", "koi8-r", "windows-1251", "x-none", "\0", "utf-7",
)  # fmt: skip
DECODE: Final = DecodeSettings(max_record_bytes=1 << 20)
WHOLE: Final = Settings(decode=DECODE)
BETWEEN: Final = "\x1e"
"""Parts one text or record from the next."""
_MOST: Final = 8
"""Texts that are looked at together."""
_MOST_TOGETHER: Final = 4
"""Records that go through the whole flow together."""
_PERMUTATIONS: Final = 16
_SEED: Final = 1
_REFERENCE: Final = MinHash(
    num_perm=_PERMUTATIONS, seed=_SEED, scheme="affine32", hashfunc=shingle_hash32
)
_WIDEST: Final = 4
"""Words in a shingle."""
_MARKUP: Final = 1
_FAST: Final = 2


def chosen(data: bytes) -> tuple[int, bytes]:
    """The first byte, which chooses between ways, and the rest."""
    return (data[0], data[1:]) if data else (0, b"")


def text_of(data: bytes) -> str:
    """Any bytes as characters: what is no UTF-8 becomes half characters."""
    return data.decode("utf-8", "surrogateescape")


def decode(data: bytes) -> None:
    """Bytes become normalised characters, or an error that says why not."""
    choice, body = chosen(data)
    record = Record(
        id="a",
        source="a",
        data=body,
        charset=CHARSETS[choice % len(CHARSETS)],
        media_type="text/plain",
    )
    try:
        decoded = decode_record(record, DECODE).decoded
    except RecordError as error:
        check_error(error)
        return
    decoded.text.encode()
    assert normalise(decoded.text, DECODE, markup=False).text == decoded.text
    assert codecs.lookup(decoded.encoding)
    bad = decoded.changes.get("undecodable-bytes", 0)
    assert len(decoded.replaced_at) <= min(bad, DECODE.max_replaced_offsets)
    assert list(decoded.replaced_at) == sorted(set(decoded.replaced_at))
    assert all(0 <= at < len(body) for at in decoded.replaced_at)
    assert all(count > 0 for count in decoded.changes.values()), decoded.changes


def normalised(data: bytes) -> None:
    """What is normalised once is normalised, and its lines are as they are alone."""
    choice, body = chosen(data)
    markup = bool(choice & _MARKUP)
    once = normalise(text_of(body), DECODE, markup=markup)
    again = normalise(once.text, DECODE, markup=markup)
    assert again.text == once.text
    assert not again.changes
    once.text.encode()


def folded(data: bytes) -> None:
    """Many texts fold as each does, and each as the definition says."""
    texts = text_of(data).split(BETWEEN)[:_MOST]
    together = fold_texts(texts)
    each = [words(text) for text in texts]
    assert each == [folded_words(text) for text in texts]
    assert together.vocabulary.words() == list(dict.fromkeys(chain.from_iterable(each)))
    stream, lengths = hashed_words(each)
    assert together.lengths.tolist() == lengths.tolist()
    assert np.array_equal(together.stream(), stream)
    assert [bytes(found) for found in together.digests()] == [digest(fold(text)) for text in texts]


def shingled(data: bytes) -> None:
    """Sets are those of the definition, their signatures datasketch's."""
    choice, body = chosen(data)
    size = 1 + choice % _WIDEST
    texts = [
        text.encode("utf-8", "surrogateescape").split()
        for text in text_of(body).split(BETWEEN)[:_MOST]
    ]
    paragraphs = [[word.decode("utf-8", "surrogateescape") for word in text] for text in texts]
    sets = shingle_sets(paragraphs, size)
    expected = [_shingles(paragraph, size) for paragraph in paragraphs]
    assert sets.sizes().tolist() == [len(each) for each in expected]
    left, right = (each.ravel() for each in np.indices((len(texts), len(texts))))
    assert intersections(sets, sets, left, right).tolist() == [
        len(expected[one] & expected[other]) for one, other in zip(left, right, strict=True)
    ]
    made = signatures(sets, _PERMUTATIONS, _SEED)
    for at, paragraph in enumerate(expected):
        reference = _REFERENCE.copy()
        for shingle in paragraph:
            reference.update(" ".join(shingle).encode("utf-8", "surrogatepass"))
        assert made[at].tolist() == reference.hashvalues.tolist()
        alone = shingle_sets([paragraphs[at]], size)
        assert np.array_equal(sets.take(np.array([at])).hashes, alone.hashes)


def _shingles(paragraph: list[str], size: int) -> set[tuple[str, ...]]:
    if not paragraph:
        return set()
    return {tuple(paragraph[at : at + size]) for at in range(max(1, len(paragraph) - size + 1))}


def vetoed(data: bytes) -> None:
    """Vetoes look at any two texts, and none forbids removing a copy."""
    texts = data.decode("utf-8", "replace").split(BETWEEN)[:_MOST]
    facts = [facts_of(text) for text in texts]
    for removed in facts:
        assert near_duplicate_vetoes(removed, removed, 1.0, WHOLE.vetoes) == ()
        for kept in facts:
            found = near_duplicate_vetoes(removed, kept, 0.8, WHOLE.vetoes)
            assert len(set(found)) == len(found)
    terms = document_terms(texts, "en", RestatementSettings())
    for one in terms or ():
        for other in terms or ():
            found = restatement_vetoes(one, other)
            assert len(set(found)) == len(found)


def split(data: bytes) -> None:
    """A page or a text is split into paragraphs that leave nothing out."""
    choice, body = chosen(data)
    extraction = SplitSettings(extraction="none" if choice & _FAST else "trafilatura")
    document = _document(body, bool(choice & _MARKUP), extraction)
    if document is not None:
        assert _document(body, bool(choice & _MARKUP), extraction) == document


def page(data: bytes) -> None:
    """The same of a page as it is read by default."""
    document = _document(data, True, WHOLE.split)
    if document is not None:
        assert _document(data, True, WHOLE.split) == document


def _document(data: bytes, is_page: bool, settings: SplitSettings) -> Document | None:
    """The document of a record; ``None`` where it cannot be read, and says why."""
    record = Record(
        id="a", source="a", data=data, media_type="text/html" if is_page else "text/plain"
    )
    try:
        document = split_record(decode_record(record, DECODE), settings, DECODE)
    except RecordError as error:
        check_error(error)
        return None
    check_document(document)
    return document


def judged(data: bytes) -> None:
    """Documents that are judged together get the judgements that each gets alone."""
    choice, body = chosen(data)
    fast = SplitSettings(extraction="none")
    documents = [
        document
        for part in body.split(BETWEEN.encode())[:_MOST]
        if (document := _document(part, bool(choice & _MARKUP), fast)) is not None
    ]
    alone = [judge_document(document, WHOLE.judge, ()) for document in documents]
    assert judge_ahead(documents, WHOLE.judge, ()) == alone
    for document in alone:
        check_judged(document)


def cleaned(data: bytes) -> None:
    """The whole flow: what is written tiles the texts, and nothing is lost."""
    parts = data.split(BETWEEN.encode())[:_MOST_TOGETHER]
    records = tuple(Record(id=f"{at}", source=f"{at}", data=part) for at, part in enumerate(parts))
    block = Block(index=0, records=records)
    each = clean_each(block, WHOLE)
    assert len(each.sources) == len(records)
    _check_written(each)
    for letter in each.rejected:
        check_error(letter)
    for record in records[:1]:
        try:
            alone = clean(record.data, settings=WHOLE, id=record.id)
        except RecordError as error:
            check_error(error)
            assert record.id in {letter.source for letter in each.rejected}
            continue
        mine = {document.id: document for document in each.documents}
        assert alone.document == mine.get(record.id)
    made = judge_block_records(block, WHOLE)
    assert len(made.documents) + len(made.rejected) == len(records)
    read = Block(index=0, documents=made.documents)
    assert len(output_of(read, WHOLE)) == len(made.documents)


def _check_written(written: Records) -> None:
    kept = {document.id: document for document in written.documents}
    for source in written.sources:
        if source.status != "rejected":
            own = [removed for removed in written.removed if removed.document == source.id]
            rebuild(source, kept.get(source.id), own)
