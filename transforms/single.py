"""The whole flow on one block, without Beam: the steps one by one, then all of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.block import Block, each_record
from transforms.candidates import PAIR, distinct_pairs, exact_classes, propose
from transforms.content_sets import content_sets
from transforms.deciding import BlockVerdicts, decide_corpus
from transforms.decoding import decode_record
from transforms.document import Document, Record
from transforms.fingerprints import Fingerprints, band_sightings, exact_sightings, fingerprint_words
from transforms.gathering import Verified
from transforms.judging import judge_ahead, judge_document
from transforms.matching import verify
from transforms.near_copies import alike_in_block
from transforms.restating import restated_edges, restated_paragraphs, restates
from transforms.settings import DecodeSettings, JudgeSettings, Settings, SplitSettings
from transforms.sites import SitePatterns
from transforms.splitting import split_record
from transforms.staging import StagedContent
from transforms.templates import (
    find_templates,
    looks_for_templates,
    outline,
    template_verdicts,
)

_LOGGER = logging.getLogger(__name__)


def decode_block(block: Block, settings: DecodeSettings) -> Block:
    """The block with its records decoded."""
    decoded, rejected = each_record(
        block.records,
        lambda record: decode_record(record, settings),
        lambda record: (record.source, record.record),
    )
    return Block(index=block.index, decoded=decoded, rejected=block.rejected + rejected)


def split_block(block: Block, settings: SplitSettings, decode: DecodeSettings) -> Block:
    """The block with its decoded records split into paragraphs."""
    documents, rejected = each_record(
        block.decoded,
        lambda item: split_record(item, settings, decode),
        lambda item: (item.record.source, item.record.record),
    )
    return Block(index=block.index, documents=documents, rejected=block.rejected + rejected)


def judge_block(block: Block, settings: JudgeSettings, sites: Sequence[SitePatterns]) -> Block:
    """The block with its documents judged."""
    ahead = judge_ahead(block.documents, settings, sites)
    documents, rejected = each_record(
        tuple(zip(block.documents, ahead, strict=True)),
        lambda pair: pair[1] or judge_document(pair[0], settings, sites),
        lambda pair: (pair[0].source, pair[0].record),
    )
    return Block(index=block.index, documents=documents, rejected=block.rejected + rejected)


def match_block(
    prints: Fingerprints, settings: Settings
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Exact copies and near-duplicates inside one block.

    Returns:
        ``PAIR`` records of exact copies and ``EDGE`` records of near-duplicates.
    """
    bands = band_sightings(prints, settings.near_duplicates, settings.minhash)
    cap = settings.near_duplicates.bucket_cap
    proposed = [propose(sightings, cap).pairs for sightings in bands]
    pairs = distinct_pairs(np.concatenate([np.zeros(0, PAIR), *proposed]))
    edges = verify(pairs, lambda _: prints, settings.near_duplicates, settings.vetoes)
    return exact_classes(exact_sightings(prints)), edges


class Cleaned(NamedTuple):
    """A block with everything that was decided about it."""

    content: StagedContent
    verdicts: BlockVerdicts


def judge_block_records(block: Block, settings: Settings) -> Block:
    """A block of records to a block of judged documents."""
    decoded = decode_block(block, settings.decode)
    split = split_block(decoded, settings.split, settings.decode)
    return judge_block(split, settings.judge, settings.sites)


def clean_records(records: Sequence[Record], settings: Settings) -> Cleaned:
    """The whole flow on a few records, as if they were the corpus."""
    return clean_block(Block(index=0, records=tuple(records)), settings)


def clean_block(block: Block, settings: Settings) -> Cleaned:
    """The whole flow on a block of records, as if they were the corpus.

    One with which it fails becomes a dead letter, and costs itself.
    """
    judged = judge_block_records(block, settings)
    try:
        return decide_block(judged, settings)
    except MemoryError:
        raise  # says nothing about the records
    except Exception:  # a bug must cost the document that shows it
        _LOGGER.exception("each of %d documents is tried alone", len(judged.documents))
        return decide_block(without_failing(judged, settings), settings)


def decide_block(block: Block, settings: Settings) -> Cleaned:
    """What follows when a judged block is the corpus."""
    prints, words = fingerprint_words(block, settings.decide)
    contents = content_sets(block, prints, words) if restates(settings) else None
    restated = restated_paragraphs(block, prints, contents, settings) if contents else []
    copies, edges = match_block(prints, settings)
    lines = outline(prints, settings.templates)[: None if looks_for_templates(settings) else 0]
    repeated = find_templates(lines, settings.templates)
    verified = Verified(
        copies, edges, restated_edges(prints, restated), alike_in_block(prints, settings)
    )
    gone = {block.index: repeated["row"].astype(np.int64)}
    decided = decide_corpus(verified, lambda _: prints, settings, gone)
    verdicts = decided.get(block.index, BlockVerdicts())
    templates = template_verdicts(repeated, block.documents, settings.templates)
    return Cleaned(
        StagedContent(block.documents, block.rejected, tuple(restated)),
        msgspec.structs.replace(verdicts, templates=templates),
    )


def without_failing(block: Block, settings: Settings) -> Block:
    """The block without the documents with which, each alone, the rest of the flow fails.

    They become dead letters.
    """

    def tried(document: Document) -> Document:
        decide_block(Block(index=block.index, documents=(document,)), settings)
        return document

    documents, rejected = each_record(
        block.documents, tried, lambda document: (document.source, document.record)
    )
    return msgspec.structs.replace(block, documents=documents, rejected=block.rejected + rejected)
