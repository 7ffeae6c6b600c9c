"""Corpora of real news and their silver pairs, read for :mod:`benchmarks.duplicates`.

A corpus is ``corpora/NAME.jsonl.gz`` with ``id`` and ``text`` a line; beside it stands
``NAME.silver_pairs.jsonl``, every document pair with an exact word-5-gram Jaccard of .1 or more.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from transforms.block import Block
from transforms.document import Document, Judgement, Paragraph, Record
from transforms.settings import Settings
from transforms.single import judge_block_records

CORPORA: Final = ("fnc", "bbc2004", "newsarticles2016", "reuters21578")


class SilverPair(NamedTuple):
    """Two documents and how much of their word 5-grams they share."""

    one: str
    other: str
    jaccard: float
    containment: float


def records(data: Path, corpus: str) -> list[Record]:
    """The texts of a corpus in the order of :func:`shuffle_key`, so that a prefix is a sample."""
    found = [
        Record(
            id=f"{corpus}/{row['id']}",
            source=corpus,
            data=row["text"].encode(),
            media_type="text/plain",
        )
        for row in read_rows(data / "corpora" / f"{corpus}.jsonl.gz")
        if row["text"].strip()
    ]
    return sorted(found, key=lambda record: shuffle_key(record.id))


def judged(data: Path, corpus: str, settings: Settings) -> Block:
    """The corpus as one block of judged documents, in the order of :func:`records`."""
    return judge_all(records(data, corpus), settings)


def judge_all(records: Sequence[Record], settings: Settings) -> Block:
    """The records as one block of judged documents; one that cannot be read is an error here."""
    block = judge_block_records(Block(index=0, records=tuple(records)), settings)
    if block.rejected:
        letter = block.rejected[0]
        raise ValueError(
            f"{len(block.rejected)} of {len(records)} records were rejected,"
            f" the first with {letter.error}: {letter.message}"
        )
    return block


def silver_pairs(data: Path, corpus: str) -> list[SilverPair]:
    """The document pairs that share a tenth or more of their word 5-grams."""
    return [
        SilverPair(
            f"{corpus}/{row['a']}",
            f"{corpus}/{row['b']}",
            row["w5_jaccard"],
            row["w5_containment"],
        )
        for row in read_rows(data / "corpora" / f"{corpus}.silver_pairs.jsonl")
    ]


def part(block: Block, share: float) -> Block:
    """The first documents of a block, this share of them."""
    count = round(len(block.documents) * share)
    return msgspec.structs.replace(block, documents=block.documents[:count])


def plain_documents(texts: Sequence[tuple[str, str]]) -> Block:
    """A block of documents of one kept paragraph each, from ids and texts.

    No judge looks at them: what is measured is what becomes of paragraphs that were kept.
    """
    keep = Judgement(verdict="keep", kind="paragraph", reason=None, score=1.0, evidence={})
    return Block(
        index=0,
        documents=tuple(
            Document(
                id=id,
                source=id,
                record=None,
                text=text,
                encoding="utf-8",
                changes={},
                replaced_at=(),
                paragraphs=(Paragraph(index=0, start=0, end=len(text), kind="paragraph"),),
                judgements=(keep,),
                language="en",
            )
            for id, text in texts
        ),
    )


def shuffle_key(name: str) -> bytes:
    """What puts names into an order that is always the same and means nothing."""
    return hashlib.blake2b(name.encode(), digest_size=8).digest()


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines, gzipped or not."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        yield from map(json.loads, lines)
