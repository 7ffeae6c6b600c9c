"""Small literal corpora as judged blocks, for tests that need no judge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.rebuild import Rebuilt, rebuild
from transforms.assemble import assemble
from transforms.block import Block
from transforms.candidates import distinct_pairs, exact_classes, propose
from transforms.content_sets import Contents, content_sets
from transforms.deciding import BlockVerdicts, KeptParagraph, decide_corpus
from transforms.document import Document, Judgement, Kind, Paragraph
from transforms.fingerprints import (
    Fingerprints,
    band_sightings,
    exact_sightings,
    fingerprint,
    fingerprint_words,
)
from transforms.gathering import Verified
from transforms.matching import verify
from transforms.near_copies import Alike, body_sightings, compare_bodies
from transforms.restating import restated_edges, restated_paragraphs
from transforms.settings import Settings
from transforms.single import decide_block
from transforms.staging import Restated


def document(
    id: str,
    lines: Sequence[str],
    *,
    kinds: Sequence[Kind] = (),
    site: str | None = None,
    published: str | None = None,
) -> Document:
    """A document of kept paragraphs, one a line."""
    text = "\n".join(lines)
    paragraphs = []
    judgements = []
    start = 0
    for index, line in enumerate(lines):
        kind: Kind = kinds[index] if kinds else "paragraph"
        paragraphs.append(Paragraph(index=index, start=start, end=start + len(line), kind=kind))
        judgements.append(Judgement(verdict="keep", kind=kind, reason=None, score=1.0, evidence={}))
        start += len(line) + 1
    return Document(
        id=id,
        source=id,
        record=None,
        text=text,
        encoding="utf-8",
        changes={},
        replaced_at=(),
        paragraphs=tuple(paragraphs),
        judgements=tuple(judgements),
        language="en",
        site=site,
        published=published,
    )


def block(*documents: Document, index: int = 0) -> Block:
    """A judged block."""
    return Block(index=index, documents=documents)


def restated_in(made: Block, settings: Settings) -> list[Restated]:
    """The restatements inside the documents of a judged block."""
    prints, contents = contents_of(made, settings)
    return restated_paragraphs(made, prints, contents, settings)


def contents_of(made: Block, settings: Settings) -> tuple[Fingerprints, Contents]:
    """A judged block's fingerprints and content sets."""
    prints, words = fingerprint_words(made, settings.decide)
    return prints, content_sets(made, prints, words)


def output_of(made: Block, settings: Settings) -> dict[str, Rebuilt]:
    """What a run writes of a judged block, put together again."""
    content, verdicts = decide_block(made, settings)

    def read_text(kept: KeptParagraph) -> str:
        return content.documents[kept.position].text[kept.start : kept.end]

    written = assemble(content, verdicts, read_text)
    kept = {each.id: each for each in written.documents}
    return {
        source.id: rebuild(
            source,
            kept.get(source.id),
            [record for record in written.removed if record.document == source.id],
        )
        for source in written.sources
    }


def decide_blocks(blocks: Sequence[Block], settings: Settings) -> dict[int, BlockVerdicts]:
    """What the pipeline decides on several judged blocks, without Beam and templates."""
    prints = {each.index: fingerprint(each, settings.decide) for each in blocks}
    bands = [
        band_sightings(each, settings.near_duplicates, settings.minhash) for each in prints.values()
    ]
    bodies = [body_sightings(each, settings) for each in prints.values()]
    pairs = _proposed([np.concatenate(band) for band in zip(*bands, strict=True)])
    body_pairs = _proposed(
        [np.concatenate(band) for band in zip(*(each.bands for each in bodies), strict=True)]
    )
    verified = Verified(
        exact_classes(np.concatenate([exact_sightings(each) for each in prints.values()])),
        verify(pairs, prints.__getitem__, settings.near_duplicates, settings.vetoes),
        np.concatenate(
            [
                restated_edges(
                    prints[each.index],
                    restated_in(each, settings),
                )
                for each in blocks
            ]
        ),
        Alike(
            exact_classes(np.concatenate([each.copies for each in bodies])),
            compare_bodies(body_pairs, prints.__getitem__, settings.documents),
        ),
    )
    return decide_corpus(verified, prints.__getitem__, settings, {})


def _proposed(bands: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    return distinct_pairs(np.concatenate([propose(band, 64).pairs for band in bands]))
