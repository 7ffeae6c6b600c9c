"""Small literal corpora as judged blocks, for tests that need no judge."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.block import Block
from transforms.document import Document, Judgement, Kind, Paragraph


def document(
    id: str, lines: Sequence[str], *, kinds: Sequence[Kind] = (), site: str | None = None
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
    )


def block(*documents: Document, index: int = 0) -> Block:
    """A judged block."""
    return Block(index=index, documents=documents)
