"""Judge every record of the input again and compare with what a run wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from pipeline.blocks import plan_blocks, read_blocks, repeated_ids
from pipeline.differences import differences
from pipeline.inputs import Inputs
from pipeline.outputs import KeptSpan, RejectedRecord, RemovedRecord
from pipeline.rebuild import Rebuilt
from pipeline.sources import list_inputs
from transforms.assemble import (
    boilerplate_record,
    document_record,
    rejected_record,
)
from transforms.document import Document, Judgement, Paragraph
from transforms.settings import Settings
from transforms.single import judge_block_records
from transforms.sites import TEMPLATE
from transforms.source_records import rejected_source, source_record, with_survivor
from transforms.watching import UNREPRODUCIBLE

_INPUT: Final = "the input gives"


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
    letters = {(letter.source, letter.record): letter for letter in rejected}
    count = 0
    source = Inputs.create(settings)
    files = list_inputs(inputs, settings.input.format)
    plans = plan_blocks(files, settings.output.shard_bytes)
    repeated = repeated_ids(plans, source)
    blocks = (
        block for plan in plans for block in read_blocks(plan, source, repeated, settings.output)
    )
    # What depended on the machine is not tried again: it may hang.
    stopped = {place for place, letter in letters.items() if letter.error in UNREPRODUCIBLE}
    for read in blocks:
        tried = [each for each in read.records if (each.source, each.record) not in stopped]
        for record in read.records:
            if (record.source, record.record) in stopped:
                letters.pop((record.source, record.record), None)
        block = judge_block_records(replace(read, records=tuple(tried)), settings)
        for document in block.documents:
            count += 1
            rebuilt = waiting.pop(document.id, None)
            if rebuilt is None:
                problems.append(f"{document.id}: the output does not account for this record")
            else:
                problems.extend(f"{document.id}: {each}" for each in _compare(document, rebuilt))
        for each in block.rejected:
            expected = rejected_record(each)
            letter = letters.pop((each.source, each.record), None)
            id = rejected_source(each.source, each.record).id
            if letter is None:
                problems.append(f"{id}: its dead letter ({each.error}) is missing")
            else:
                problems.extend(
                    f"{id}: {problem}" for problem in differences(letter, expected, _INPUT)
                )
    problems.extend(f"{id}: the input has no such record" for id in sorted(waiting))
    problems.extend(
        f"{rejected_source(letter.source, letter.record).id}: its dead letter has no record in the"
        " input"
        for letter in letters.values()
    )
    return Rejudged(count, problems)


def _compare(document: Document, rebuilt: Rebuilt) -> Iterator[str]:
    """What a document's records say otherwise than its input; verdicts of the corpus aside."""
    if document.text != rebuilt.text:
        yield "the normalised text differs from the input's: has the input changed?"
        return
    stated = rebuilt.source
    expected_source = with_survivor(source_record(document, stated.status), stated)
    yield from differences(stated, expected_source, _INPUT)
    if rebuilt.document is not None:
        expected = document_record(document, rebuilt.document.paragraphs)
        yield from differences(rebuilt.document, expected, _INPUT)
    if len(document.paragraphs) != len(rebuilt.spans):
        yield "it splits into another number of paragraphs"
        return
    for paragraph, judgement, span in zip(
        document.paragraphs, document.judgements, rebuilt.spans, strict=True
    ):
        for problem in _compare_span(document, paragraph, judgement, span):
            yield f"paragraph {paragraph.index}: {problem}"


def _compare_span(
    document: Document,
    paragraph: Paragraph,
    judgement: Judgement,
    span: KeptSpan | RemovedRecord,
) -> Iterator[str]:
    taken_out = (
        isinstance(span, RemovedRecord)
        and span.verdict == "boilerplate"
        and span.reason != TEMPLATE
    )
    if taken_out != (judgement.verdict == "boilerplate"):
        yield f"it is judged {judgement.verdict} now ({judgement.reason}, {judgement.score})"
    elif isinstance(span, RemovedRecord) and taken_out:
        yield from differences(span, boilerplate_record(document, paragraph, judgement), _INPUT)
    else:
        expected = replace(span, kind=judgement.kind, start=paragraph.start, end=paragraph.end)
        yield from differences(span, expected, _INPUT)
