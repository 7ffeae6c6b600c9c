"""What earlier runs kept, as rows of Parquet: the candidates of tonight's paragraphs.

A row is a kept paragraph: where it stands, its text, the digest of its folded text and its bucket
in each band.  The two last say which rows share a bucket with anything of tonight's; only the
texts of those are read, and they are compared as two paragraphs of one run are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.document import Document
from transforms.fingerprints import (
    KINDS,
    DocumentEntry,
    Earlier,
    Fingerprints,
    band_buckets,
    digest_halves,
)
from transforms.folded import digests, fold_texts
from transforms.folding import FOLDING
from transforms.settings import Settings
from transforms.shingles import I64, U64

HISTORY_FORMAT: Final = 1
"""Version of the columns."""

SCHEME_KEY: Final = b"copydesk.history"
"""Where the metadata of a file say what its fingerprints rest on."""

_DIGEST_BYTES: Final = 16


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """What fingerprints rest on: those of two schemes cannot be compared."""

    format: int
    folding: int
    min_words: int
    shingle: int
    bands: int
    """0 where near-duplicates are not looked for."""
    rows: int
    seed: int


class HistoryError(ValueError):
    """A file of the history is not what was written; the message says what."""


class HistorySlice(msgspec.Struct, frozen=True, kw_only=True):
    """Row groups of a file of the history, which become a block."""

    block: int
    path: str
    sha256: str
    groups: tuple[int, ...]
    first_rows: tuple[int, ...]
    """Of each group, in the file."""
    runs: tuple[str, ...]
    """Every run of the history, in order."""
    before: str
    """Runs from this name on do not count."""


def scheme_of(settings: Settings) -> Scheme:
    """What the fingerprints of a run rest on."""
    near = settings.near_duplicates
    return Scheme(
        format=HISTORY_FORMAT,
        folding=FOLDING,
        min_words=settings.decide.min_words,
        shingle=near.shingle,
        bands=0 if near.action == "off" else near.bands,
        rows=near.rows,
        seed=settings.minhash.seed,
    )


def history_schema(scheme: Scheme) -> pa.Schema:
    """The columns of a history, with the scheme among the metadata."""
    word = pa.dictionary(pa.int32(), pa.string())
    fields = [
        pa.field("run", word, nullable=False),
        pa.field("document", pa.string(), nullable=False),
        pa.field("site", word),
        pa.field("paragraph", pa.int64(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("kind", word, nullable=False),
        pa.field("words", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("folded", pa.binary(_DIGEST_BYTES), nullable=False),
    ]
    if scheme.bands:
        fields.append(pa.field("bands", pa.list_(pa.uint64(), scheme.bands), nullable=False))
    return pa.schema(fields, {SCHEME_KEY: msgspec.json.encode(scheme)})


def read_scheme(schema: pa.Schema) -> Scheme:
    """What the fingerprints of a file rest on.

    Raises:
        HistoryError: it does not say so.
    """
    try:
        return msgspec.json.decode((schema.metadata or {})[SCHEME_KEY], type=Scheme)
    except (KeyError, msgspec.DecodeError) as error:
        raise HistoryError("it is no history of copydesk's") from error


def history_table(
    run: str,
    prints: Fingerprints,
    documents: Sequence[Document],
    stays: NDArray[np.bool_],
    settings: Settings,
) -> pa.Table:
    """The rows of a block that stay, as rows of a history.

    Args:
        run: what the run is called.
        documents: those of the block.
    """
    scheme = scheme_of(settings)
    rows = np.flatnonzero(stays)
    positions = prints.document[rows].tolist()
    spans = zip(positions, prints.start[rows].tolist(), prints.end[rows].tolist(), strict=True)
    columns: dict[str, Any] = {
        "run": pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), [run]),
        "document": pa.array([prints.documents[at].id for at in positions], pa.string()),
        "site": pa.array([prints.documents[at].site for at in positions]).cast(pa.string()),
        "paragraph": prints.index[rows],
        "start": prints.start[rows],
        "end": prints.end[rows],
        "kind": pa.array([KINDS[kind] for kind in prints.kind[rows].tolist()], pa.string()),
        "words": prints.words[rows],
        # No half characters are in a document: decoding replaces them.
        "text": pa.array([documents[at].text[start:end] for at, start, end in spans], pa.string()),
        "folded": pa.array(
            prints.folded[rows].tobytes()[at : at + _DIGEST_BYTES]
            for at in range(0, len(rows) * _DIGEST_BYTES, _DIGEST_BYTES)
        ).cast(pa.binary(_DIGEST_BYTES)),
    }
    if scheme.bands:
        long = prints.words[rows] >= scheme.min_words
        buckets = np.zeros((len(rows), scheme.bands), np.uint64)
        buckets[long] = band_buckets(prints, rows[long], settings.near_duplicates, settings.minhash)
        columns["bands"] = pa.FixedSizeListArray.from_arrays(buckets.reshape(-1), scheme.bands)
    schema = history_schema(scheme)
    return pa.table(
        [pa.array(columns[name]).cast(schema.field(name).type) for name in schema.names],
        schema=schema,
    )


def look_up(scheme: Scheme) -> list[str]:
    """The columns that tell which rows are like anything."""
    return ["run", "words", "folded", *(["bands"] if scheme.bands else [])]


def first_ones(table: pa.Table, numbers: Sequence[int], *, by_site: bool) -> NDArray[np.bool_]:
    """Which rows may be named: of one text, in one scope, only the first that was kept.

    Args:
        table: with the columns ``site`` and ``text``.
        numbers: the place of each row among all that were kept.
        by_site: paragraphs are compared inside a site only; those without a site with none.
    """
    texts, sites = table.column("text").to_pylist(), table.column("site").to_pylist()
    first: dict[tuple[str | None, str], int] = {}
    for row in sorted(range(len(texts)), key=numbers.__getitem__):
        if not by_site or sites[row] is not None:
            first.setdefault((sites[row] if by_site else None, texts[row]), row)
    chosen = np.zeros(len(texts), bool)
    chosen[list(first.values())] = True
    return chosen


def earlier_columns(schema: pa.Schema) -> list[str]:
    """The columns that :func:`earlier_fingerprints` reads."""
    return [name for name in schema.names if name != "bands"]


def meeting(table: pa.Table, seen: Iterable[U64], before: str, scheme: Scheme) -> I64:
    """The rows of a history that share a bucket with anything that was seen tonight.

    Args:
        table: with the columns of :func:`look_up`.
        seen: the buckets of tonight, ascending and each once: of folded texts, then of each band.
        before: runs from this name on do not count.
    """
    runs = table.column("run").combine_chunks()
    is_earlier = pc.less(runs.dictionary_decode(), before).to_numpy(zero_copy_only=False)
    buckets_seen = iter(seen)
    copies = next(buckets_seen)
    meets = _among(digest_halves(_digests(table.column("folded")))[:, 0], copies)
    if scheme.bands:
        values = table.column("bands").combine_chunks().flatten().to_numpy()
        buckets = values.reshape(-1, scheme.bands)
        long = table.column("words").to_numpy() >= scheme.min_words
        for band, of_tonight in enumerate(buckets_seen):
            meets |= long & _among(buckets[:, band], of_tonight)
    return np.flatnonzero(meets & is_earlier)


def earlier_fingerprints(
    block: int, table: pa.Table, numbers: Iterable[int], scheme: Scheme
) -> Fingerprints:
    """Rows of a history as the fingerprints of a block of documents that are kept already.

    Args:
        block: the index of the block.
        table: rows in the order in which they were kept, with :func:`earlier_columns`.
        numbers: the place of each row among all that were kept.

    Raises:
        HistoryError: a row's text is not the one that was fingerprinted.
    """
    columns = {name: table.column(name) for name in table.column_names}
    texts: list[str] = columns["text"].to_pylist()
    folded = fold_texts(texts)
    words = columns["words"].to_numpy()
    own = _digests(columns["folded"])
    if not (np.array_equal(folded.lengths, words) and np.array_equal(folded.digests(), own)):
        raise HistoryError("a text in it is not the one that was fingerprinted")
    documents, position = _documents(columns, numbers)
    variant = digests([text.encode() for text in texts])
    long = np.flatnonzero(words >= scheme.min_words)
    firsts = np.sort(long[np.unique(variant[long], return_index=True)[1]])
    count = len(texts)
    kinds = {kind: at for at, kind in enumerate(KINDS)}
    return Fingerprints(
        block=block,
        documents=documents,
        document=position,
        index=columns["paragraph"].to_numpy(),
        start=columns["start"].to_numpy(),
        end=columns["end"].to_numpy(),
        words=words,
        kind=np.array([kinds[kind] for kind in columns["kind"].to_pylist()], np.int64),
        folded=own,
        opening=np.zeros(count, np.uint64),
        ending=np.zeros(count, np.uint64),
        wanted=np.zeros(count, bool),
        variant=variant,
        shingled=firsts,
        texts=[texts[row] for row in firsts.tolist()],
        stream=folded.stream(),
        offsets=np.concatenate(([0], np.cumsum(words))),
    )


def _documents(
    columns: Mapping[str, Any], numbers: Iterable[int]
) -> tuple[list[DocumentEntry], I64]:
    """The documents of some rows, and the position of each row's document among them."""
    entries: list[DocumentEntry] = []
    positions: list[int] = []
    last: tuple[str, str] | None = None
    named = (columns[name].to_pylist() for name in ("run", "document", "site"))
    for run, document, site, number in zip(*named, numbers, strict=True):
        if (run, document) != last:
            last = run, document
            entries.append(
                DocumentEntry(
                    id=document,
                    source="",
                    characters=0,
                    published=None,
                    site=site,
                    words=0,
                    standing=0,
                    order=0,
                    earlier=Earlier(run, number),
                )
            )
        positions.append(len(entries) - 1)
    return entries, np.array(positions, np.int64)


def _digests(column: pa.ChunkedArray) -> NDArray[np.void]:
    return np.frombuffer(b"".join(column.to_pylist()), f"V{_DIGEST_BYTES}")


def _among(values: U64, known: U64) -> NDArray[np.bool_]:
    """Which values are among sorted ones."""
    if not len(known):
        return np.zeros(len(values), bool)
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: NDArray[np.bool_] = known[at] == values
    return found
