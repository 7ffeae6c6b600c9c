"""Fingerprint the paragraphs of a block: digests, shingle sets, signatures, bands.

A paragraph that the judge keeps and that has a word is a *row* of its block's
fingerprints.  Rows are addressed corpus-wide by their *key*, the block's index
in the upper 32 bits and the row in the lower.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.block import Block
from transforms.columns import Packed, read_columns, write_columns
from transforms.decisions import STANDING_KINDS, is_body
from transforms.document import Document, Judgement, Kind, Paragraph
from transforms.folded import Vocabulary, digests, fold_texts
from transforms.minhash import band_hashes, signatures
from transforms.ranking import COARSE_BITS, Rank, coarse_rank, earlier_rank, published_seconds, rank
from transforms.settings import DecideSettings, MinHashSettings, NearDuplicateSettings
from transforms.shingles import I64, U64, Runs, end_marks, stream_runs
from transforms.sites import SITE_RULE

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

IS_BODY: Final = np.array([is_body(kind) for kind in KINDS])
"""Whether a row belongs to the body of its document, by its kind."""

_KIND_AT: Final = {kind: at for at, kind in enumerate(KINDS)}
_STANDS: Final = np.array([kind in STANDING_KINDS for kind in KINDS])

END_WORDS: Final = 6
"""How many words of a line are its opening, and how many its ending."""

_ROW_BITS: Final = 32
_ROW_MASK: Final = (1 << _ROW_BITS) - 1

SIGHTING: Final = np.dtype([("bucket", "<u8"), ("variant", "<u8"), ("key", "<i8")])
"""A paragraph seen in a bucket: what crosses the shuffle, packed; see :func:`ranked`."""


class Earlier(msgspec.Struct, frozen=True):
    """That a document was kept by an earlier run."""

    run: str
    number: int
    """Its place among all that earlier runs kept."""


class DocumentEntry(msgspec.Struct, frozen=True):
    """What deciding and recording need to know of a document."""

    id: str
    source: str
    characters: int
    published: int | None
    """Seconds since 1970, ``None`` when no record or page says."""
    site: str | None
    words: int
    """Folded words of the body: what the judge keeps but for titles and headings."""
    standing: int
    """How many of its kept paragraphs could go alone if they were proven."""
    order: int
    """Its coarse rank, by which the pairs of a hot bucket are chosen."""
    earlier: Earlier | None = None
    """``None`` for a document of this run."""


@dataclasses.dataclass(frozen=True, slots=True)
class Fingerprints:
    """The rows of one block, as arrays with one element a row unless said otherwise."""

    block: int
    documents: Sequence[DocumentEntry]
    document: I64
    """Position of the row's document in ``documents``."""
    index: I64
    """Index of the paragraph in its document."""
    start: I64
    end: I64
    words: I64
    kind: I64
    """Position of the paragraph's kind in :data:`KINDS`."""
    folded: NDArray[np.void]
    """16-byte digest of the folded text: equal for exact duplicates."""
    opening: U64
    ending: U64
    """Marks of the words that the row begins and ends with, for :mod:`transforms.templates`."""
    wanted: NDArray[np.bool_]
    """Whether a pattern of the user's keeps the row."""
    variant: NDArray[np.void]
    """16-byte digest of the text itself: equal texts make equal claims."""
    shingled: I64
    """The rows that have shingles, ascending: the first of each variant that is long enough."""
    texts: Sequence[str]
    """The text of each row in ``shingled``."""
    stream: U64
    """The hash of every folded word, row after row: ``words`` of them each."""
    offsets: I64
    """Where the words of each row begin in ``stream``, and where those of the last end."""

    def keys(self, rows: I64) -> I64:
        """The keys of rows of this block."""
        return pack(self.block, rows)

    def word_runs(self, rows: I64) -> Runs:
        """The hashes of the words of some rows."""
        return Runs(self.stream, self.offsets).take(rows)

    def text_at(self, position: int, index: int) -> str:
        """The text of a row that is long enough to have shingles, by document and paragraph."""
        (row,) = np.flatnonzero((self.document == position) & (self.index == index))
        first = np.flatnonzero(self.variant[self.shingled] == self.variant[row])[0]
        return self.texts[int(first)]

    def to_bytes(self) -> bytes:
        """A form that :meth:`from_buffer` reads; equal fingerprints give equal bytes."""
        entries = Packed.of(map(msgspec.msgpack.encode, self.documents), _ENTRY.decode)
        texts = Packed.of(
            (text.encode("utf-8", "surrogatepass") for text in self.texts), _decode_text
        )
        return write_columns(
            {
                "block": np.array([self.block]),
                **{name: getattr(self, name) for name in _ARRAYS},
                "document_bytes": entries.data,
                "document_offsets": entries.offsets,
                "text_bytes": texts.data,
                "text_offsets": texts.offsets,
            }
        )

    @classmethod
    def from_buffer(cls, data: Any) -> Fingerprints:
        """Read what :meth:`to_bytes` wrote; arrays are views of ``data``."""
        columns = read_columns(data)
        return cls(
            block=int(columns["block"][0]),
            documents=Packed(columns["document_bytes"], columns["document_offsets"], _ENTRY.decode),
            texts=Packed(columns["text_bytes"], columns["text_offsets"], _decode_text),
            **{name: columns[name] for name in _ARRAYS},
        )


_ARRAYS: Final = (
    "document", "index", "start", "end", "words", "kind", "folded", "opening", "ending", "wanted",
    "variant", "shingled", "stream", "offsets",
)  # fmt: skip
_ENTRY: Final = msgspec.msgpack.Decoder(DocumentEntry)


def _decode_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


ReadFingerprints = Callable[[int], Fingerprints]
"""Gives the fingerprints of a block by its index."""

Key = TypeVar("Key", int, I64)
"""One key or an array of them."""


def pack(block: int, row: Key) -> Key:
    """The key of a row of a block."""
    return row + (block << _ROW_BITS)


def block_of(key: Key) -> Key:
    """The block of each key."""
    return key >> _ROW_BITS


def row_of(key: Key) -> Key:
    """The row of each key inside its block."""
    return key & _ROW_MASK


def rows_by_block(keys: I64) -> Iterator[tuple[int, I64]]:
    """The rows of ascending keys, block by block."""
    blocks, starts = np.unique(block_of(keys), return_index=True)
    yield from zip(blocks.tolist(), np.split(row_of(keys), starts[1:]), strict=False)


def kept_paragraphs(document: Document) -> list[tuple[Paragraph, Judgement]]:
    """The paragraphs that the judge keeps, each with its judgement."""
    return [
        (paragraph, judgement)
        for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True)
        if judgement.verdict == "keep"
    ]


def fingerprint(block: Block, decide: DecideSettings) -> Fingerprints:
    """The fingerprints of a judged block.

    A paragraph with fewer than ``decide.min_words`` folded words is not
    shingled: it is never proposed as a near-duplicate.
    """
    return fingerprint_words(block, decide)[0]


class Words(NamedTuple):
    """The words of a block's fingerprints."""

    vocabulary: Vocabulary
    numbers: NDArray[np.int32]
    """Each word of ``stream`` by its place in the vocabulary."""


def fingerprint_words(block: Block, decide: DecideSettings) -> tuple[Fingerprints, Words]:
    """The fingerprints of a judged block, and the words in their ``stream``."""
    texts: list[str] = []
    places: list[tuple[int, int, int, int, int, bool]] = []
    for number, document in enumerate(block.documents):
        text = document.text
        for paragraph, judgement in kept_paragraphs(document):
            start, end = paragraph.start, paragraph.end
            texts.append(text[start:end])
            wanted = judgement.evidence.get("rule") == SITE_RULE
            places.append((number, paragraph.index, start, end, _KIND_AT[judgement.kind], wanted))
    folded = fold_texts(texts)
    rows = np.flatnonzero(folded.lengths)
    columns = np.fromiter(chain.from_iterable(places), np.int64).reshape(-1, 6)[rows]
    document_at, index, start, end, kind, by_rule = np.ascontiguousarray(columns.T)
    words = folded.lengths[rows]
    stream = folded.stream()
    opening, ending = end_marks(stream, words, END_WORDS)
    long = words >= decide.min_words
    worded = [texts[row] for row in rows.tolist()]
    variant = digests([text.encode("utf-8", "surrogatepass") for text in worded])
    # Of equal texts the first.
    backwards = np.flatnonzero(long)[::-1]
    firsts = dict(zip(variant[backwards].tolist(), backwards.tolist(), strict=True))
    shingled = sorted(firsts.values())
    count = len(block.documents)
    body = np.bincount(document_at, words * IS_BODY[kind], count).astype(np.int64)
    standing = np.bincount(document_at[long & ~_STANDS[kind]], minlength=count)
    prints = Fingerprints(
        block=block.index,
        documents=_entries(block.documents, body, standing, decide),
        document=document_at,
        index=index,
        start=start,
        end=end,
        words=words,
        kind=kind,
        folded=folded.digests()[rows],
        opening=opening,
        ending=ending,
        wanted=by_rule.astype(bool),
        variant=variant,
        shingled=np.array(shingled, dtype=np.int64),
        texts=[worded[row] for row in shingled],
        stream=stream,
        offsets=np.concatenate(([0], np.cumsum(words))),
    )
    return prints, Words(folded.vocabulary, folded.numbers)


def rank_of(entry: DocumentEntry, settings: DecideSettings) -> Rank:
    """The rank of a document."""
    if entry.earlier is not None:
        return earlier_rank(entry.earlier.number, entry.id)
    return rank(
        settings.keep,
        settings.preferred_sources,
        id=entry.id,
        source=entry.source,
        characters=entry.characters,
        published=entry.published,
    )


def _entries(
    documents: Sequence[Document], body: I64, standing: I64, decide: DecideSettings
) -> list[DocumentEntry]:
    entries = []
    for document, its_words, its_standing in zip(
        documents, body.tolist(), standing.tolist(), strict=True
    ):
        published = published_seconds(document.published)
        exact = rank(
            decide.keep,
            decide.preferred_sources,
            id=document.id,
            source=document.source,
            characters=len(document.text),
            published=published,
        )
        entries.append(
            DocumentEntry(
                id=document.id,
                source=document.source,
                characters=len(document.text),
                published=published,
                site=document.site,
                words=its_words,
                standing=its_standing,
                order=coarse_rank(exact),
            )
        )
    return entries


def exact_sightings(prints: Fingerprints) -> NDArray[np.void]:
    """Every row, seen in the bucket of its folded text: ``SIGHTING`` records.

    The bucket and the variant are the two halves of the digest of the folded
    text, so that exact copies agree in all 128 bits.
    """
    halves = digest_halves(prints.folded)
    sightings = np.empty(len(halves), dtype=SIGHTING)
    sightings["bucket"] = halves[:, 0]
    sightings["variant"] = halves[:, 1]
    sightings["key"] = prints.keys(np.arange(len(halves)))
    return sightings


def band_sightings(
    prints: Fingerprints, settings: NearDuplicateSettings, minhash: MinHashSettings
) -> Sequence[NDArray[np.void]]:
    """Every shingled row, seen in its bucket of each band: ``SIGHTING`` records, band by band."""
    if settings.action == "off":
        return [np.zeros(0, SIGHTING)] * settings.bands
    hashes = band_buckets(prints, prints.shingled, settings, minhash)
    keys = prints.keys(prints.shingled)
    variant = ranked(prints, digest_halves(prints.variant)[:, 0], prints.document)[prints.shingled]
    bands = []
    for band in range(settings.bands):
        sightings = np.empty(len(keys), dtype=SIGHTING)
        sightings["bucket"] = hashes[:, band]
        sightings["variant"] = variant
        sightings["key"] = keys
        bands.append(sightings)
    return bands


def band_buckets(
    prints: Fingerprints, rows: I64, settings: NearDuplicateSettings, minhash: MinHashSettings
) -> U64:
    """The bucket of some rows in each band, shape (rows, bands)."""
    words = prints.word_runs(rows)
    runs = stream_runs(words.hashes, words.sizes(), settings.shingle)
    signature = signatures(runs, settings.bands * settings.rows, minhash.seed)
    return band_hashes(signature, settings.bands, settings.rows)


def ranked(prints: Fingerprints, variants: U64, documents: I64) -> U64:
    """Variants whose last ``COARSE_BITS`` bits are the best rank of their copies in the block.

    What is left of the digest tells the members of a bucket apart.  Two that
    agree in it cost a proposal, and nothing else.

    Args:
        documents: the document of each.
    """
    order = np.array([entry.order for entry in prints.documents], dtype=np.uint64)[documents]
    distinct, group = np.unique(variants, return_inverse=True)
    best = np.full(len(distinct), (1 << COARSE_BITS) - 1, dtype=np.uint64)
    np.minimum.at(best, group, order)
    bits = np.uint64(COARSE_BITS)
    return variants >> bits << bits | best[group]


def digest_halves(digests: NDArray[np.void]) -> U64:
    """The two halves of 16-byte digests, shape (digests, 2)."""
    halves: U64 = digests.view("<u8").reshape(-1, 2)
    return halves
