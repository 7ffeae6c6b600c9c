"""Judge every record of the input again and compare with what a run wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from pipeline.outputs import KeptSpan, RejectedRecord, RemovedRecord
from pipeline.rebuild import Rebuilt
from pipeline.sources import PlainFiles, list_inputs, plan_blocks, read_block
from transforms.document import Document, Judgement, Paragraph
from transforms.settings import Settings
from transforms.single import judge_block_records


class Rejudged(NamedTuple):
    """How many documents were judged again, and what differs."""

    documents: int
    problems: list[str]


def check_input(
    documents: Mapping[str, Rebuilt],
    rejected: Sequence[RejectedRecord],
    inputs: Sequence[str],
    settings: Settings,
) -> Rejudged:
    """Read, decode, split and judge the input again.

    Args:
        documents: what the output says, by id.
        rejected: the output's dead letters.
        inputs: the arguments of the run.

    Raises:
        UserError: the input is not there.
    """
    problems: list[str] = []
    waiting = dict(documents)
    letters = {(letter.source, letter.record): letter.error for letter in rejected}
    count = 0
    source = PlainFiles(settings.decode)
    for plan in plan_blocks(list_inputs(inputs), settings.output.shard_bytes):
        block = judge_block_records(read_block(plan, source), settings)
        for document in block.documents:
            count += 1
            rebuilt = waiting.pop(document.id, None)
            if rebuilt is None:
                problems.append(f"{document.id}: the output does not account for this record")
            else:
                problems.extend(f"{document.id}: {each}" for each in _compare(document, rebuilt))
        problems.extend(
            f"{letter.source}: its dead letter ({letter.error}) is missing"
            for letter in block.rejected
            if letters.pop((letter.source, letter.record), None) != letter.error
        )
    problems.extend(f"{id}: the input has no such record" for id in sorted(waiting))
    problems.extend(
        f"{source}: its dead letter has no record in the input" for source, _ in sorted(letters)
    )
    return Rejudged(count, problems)


def _compare(document: Document, rebuilt: Rebuilt) -> Iterator[str]:
    if document.text != rebuilt.text:
        yield "the normalised text differs from the input's: has the input changed?"
        return
    if len(document.paragraphs) != len(rebuilt.spans):
        yield "it splits into another number of paragraphs"
        return
    for paragraph, judgement, span in zip(
        document.paragraphs, document.judgements, rebuilt.spans, strict=True
    ):
        if not _agree(paragraph, judgement, span):
            yield f"paragraph {paragraph.index} is judged {_describe(judgement)} now"


def _agree(paragraph: Paragraph, judgement: Judgement, span: KeptSpan | RemovedRecord) -> bool:
    if (paragraph.start, paragraph.end, judgement.kind) != (span.start, span.end, span.kind):
        return False
    if isinstance(span, RemovedRecord) and span.verdict == "boilerplate":
        # Evidence is compared as it is written: a float that is whole is read back as one.
        return (judgement.reason, judgement.score, msgspec.json.encode(judgement.evidence)) == (
            span.reason,
            span.score,
            msgspec.json.encode(span.evidence),
        )
    return judgement.verdict == "keep"


def _describe(judgement: Judgement) -> str:
    return f"{judgement.verdict} ({judgement.reason or judgement.kind}, score {judgement.score})"
