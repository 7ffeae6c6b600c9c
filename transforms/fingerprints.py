"""Fingerprint the paragraphs of a block: digests, shingle sets, signatures, bands.

A paragraph that the judge keeps and that has a word is a *row* of its block's
fingerprints.  Rows are addressed corpus-wide by their *key*, the block's index
in the upper 32 bits and the row in the lower.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any, Final, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.block import Block
from transforms.document import Document, Kind, Paragraph
from transforms.folding import digest, words
from transforms.minhash import band_hashes, signatures
from transforms.ranking import published_seconds
from transforms.settings import MinHashSettings, NearDuplicateSettings
from transforms.shingles import I64, U64, Sets, shingle_sets

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_ROW_BITS: Final = 32
_ROW_MASK: Final = (1 << _ROW_BITS) - 1

SIGHTING: Final = np.dtype([("bucket", "<u8"), ("variant", "<u8"), ("key", "<i8")])
"""A paragraph seen in a bucket: what crosses the shuffle, packed."""


class DocumentEntry(msgspec.Struct, frozen=True):
    """What deciding and recording need to know of a document."""

    id: str
    source: str
    characters: int
    published: int | None
    """Seconds since 1970, ``None`` when no record or page says."""
    site: str | None
    words: int
    """Folded words in the paragraphs that the judge keeps."""


@dataclasses.dataclass(frozen=True, slots=True)
class Fingerprints:
    """The rows of one block, as arrays with one element a row unless said otherwise."""

    block: int
    documents: list[DocumentEntry]
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
    variant: U64
    """Digest of the text itself: equal texts make equal claims."""
    shingled: I64
    """The rows that have shingles, ascending: the first of each variant that is long enough."""
    shingles: Sets
    """The shingle set of each row in ``shingled``."""
    texts: list[str]
    """The text of each row in ``shingled``."""

    def keys(self, rows: I64) -> I64:
        """The keys of rows of this block."""
        return rows + (self.block << _ROW_BITS)

    def to_bytes(self) -> bytes:
        """A form that :meth:`from_bytes` reads; equal fingerprints give equal bytes."""
        return msgspec.msgpack.encode(
            {field.name: getattr(self, field.name) for field in dataclasses.fields(self)},
            enc_hook=_encode,
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprints:
        """Read what :meth:`to_bytes` wrote; arrays are views of ``data``."""
        fields: dict[str, Any] = msgspec.msgpack.decode(data)
        for name, value in fields.items():
            if isinstance(value, dict) and "dtype" in value:
                fields[name] = _array(value)
        fields["documents"] = msgspec.convert(fields["documents"], list[DocumentEntry])
        shingles = fields["shingles"]
        fields["shingles"] = Sets(_array(shingles["hashes"]), _array(shingles["offsets"]))
        return cls(**fields)


def _encode(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "data": value.tobytes()}
    if isinstance(value, Sets):
        return {"hashes": value.hashes, "offsets": value.offsets}
    raise NotImplementedError(type(value).__name__)


def _array(encoded: dict[str, Any]) -> NDArray[Any]:
    return np.frombuffer(encoded["data"], dtype=np.dtype(encoded["dtype"]))


def block_of(keys: I64) -> I64:
    """The block of each key."""
    return keys >> _ROW_BITS


def row_of(keys: I64) -> I64:
    """The row of each key inside its block."""
    return keys & _ROW_MASK


def text_digest(text: str) -> int:
    """64 bits of BLAKE2b of a text."""
    encoded = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")


def kept_paragraphs(document: Document) -> list[tuple[Paragraph, Kind]]:
    """The paragraphs that the judge keeps, each with the kind that the judge gave it."""
    return [
        (paragraph, judgement.kind)
        for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True)
        if judgement.verdict == "keep"
    ]


def fingerprint(block: Block, settings: NearDuplicateSettings, min_words: int) -> Fingerprints:
    """The fingerprints of a judged block.

    Args:
        min_words: a paragraph with fewer folded words has no shingles: it is
            never proposed as a near-duplicate.
    """
    entries: list[DocumentEntry] = []
    rows: list[tuple[int, int, int, int, int, int]] = []
    folded: list[bytes] = []
    variants: list[int] = []
    shingled: list[int] = []
    shingled_words: list[list[str]] = []
    texts: list[str] = []
    seen: set[int] = set()
    for number, document in enumerate(block.documents):
        total = 0
        for paragraph, kind in kept_paragraphs(document):
            text = document.text_of(paragraph)
            paragraph_words = words(text)
            if not paragraph_words:
                continue
            total += len(paragraph_words)
            variant = text_digest(text)
            if len(paragraph_words) >= min_words and variant not in seen:
                seen.add(variant)
                shingled.append(len(rows))
                shingled_words.append(paragraph_words)
                texts.append(text)
            rows.append(
                (
                    number,
                    paragraph.index,
                    paragraph.start,
                    paragraph.end,
                    len(paragraph_words),
                    KINDS.index(kind),
                )
            )
            folded.append(digest(" ".join(paragraph_words)))
            variants.append(variant)
        entries.append(
            DocumentEntry(
                id=document.id,
                source=document.source,
                characters=len(document.text),
                published=published_seconds(document.published),
                site=document.site,
                words=total,
            )
        )
    columns = np.ascontiguousarray(np.array(rows, dtype=np.int64).reshape(-1, 6).T)
    return Fingerprints(
        block=block.index,
        documents=entries,
        document=columns[0],
        index=columns[1],
        start=columns[2],
        end=columns[3],
        words=columns[4],
        kind=columns[5],
        folded=np.frombuffer(b"".join(folded), dtype="V16"),
        variant=np.array(variants, dtype=np.uint64),
        shingled=np.array(shingled, dtype=np.int64),
        shingles=shingle_sets(shingled_words, settings.shingle),
        texts=texts,
    )


def exact_sightings(prints: Fingerprints) -> NDArray[np.void]:
    """Every row, seen in the bucket of its folded text: ``SIGHTING`` records.

    The bucket and the variant are the two halves of the digest of the folded
    text, so that exact copies agree in all 128 bits.
    """
    halves = prints.folded.view("<u8").reshape(-1, 2)
    sightings = np.empty(len(halves), dtype=SIGHTING)
    sightings["bucket"] = halves[:, 0]
    sightings["variant"] = halves[:, 1]
    sightings["key"] = prints.keys(np.arange(len(halves)))
    return sightings


def band_sightings(
    prints: Fingerprints, settings: NearDuplicateSettings, minhash: MinHashSettings
) -> Sequence[NDArray[np.void]]:
    """Every shingled row, seen in its bucket of each band: ``SIGHTING`` records, band by band."""
    signature = signatures(prints.shingles, settings.bands * settings.rows, minhash.seed)
    hashes = band_hashes(signature, settings.bands, settings.rows)
    keys = prints.keys(prints.shingled)
    variant = prints.variant[prints.shingled]
    bands = []
    for band in range(settings.bands):
        sightings = np.empty(len(keys), dtype=SIGHTING)
        sightings["bucket"] = hashes[:, band]
        sightings["variant"] = variant
        sightings["key"] = keys
        bands.append(sightings)
    return bands
