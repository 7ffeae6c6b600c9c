"""The whole pipeline on one page, from source to sink."""

from __future__ import annotations

import apache_beam as beam
import msgspec
from apache_beam.pvalue import PCollection

from pipeline.blocks import BlockPlan, Source
from pipeline.history import Past
from pipeline.outputs import Manifest
from pipeline.read import Read
from pipeline.write import Write, WriteManifest
from transforms.across_steps import MarkAcross
from transforms.decide_steps import Decide
from transforms.history_steps import Recall
from transforms.match_steps import Match
from transforms.settings import Settings
from transforms.staging import Staging
from transforms.steps import Decode, Fingerprint, Judge, Split
from transforms.template_steps import FindTemplates


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a run is made of."""

    blocks: tuple[BlockPlan, ...]
    source: Source
    settings: Settings
    staging: Staging
    containers: bool
    """Whether files with many records are among the input."""
    output: str
    """The folder to fill; it is published by the caller once the pipeline is done."""
    ranges: int
    """Into how many ranges of hashes each band is cut for the shuffle."""
    past: Past | None = None
    """What earlier runs kept; ``None`` for a run without a history."""


def build(pipeline: beam.Pipeline, job: Job) -> PCollection[Manifest]:
    """Put the flow on a pipeline; its one result is the manifest, written last."""
    settings = job.settings

    judged = (
        pipeline
        | "List the blocks" >> beam.Create(job.blocks)
        | "Read records"
        >> Read(job.source, settings.output, job.containers, job.ranges, job.staging)
        | "Decode bytes to text" >> Decode(settings.decode, settings.watch)
        | "Split into paragraphs" >> Split(settings.split, settings.decode, settings.watch)
        | "Judge each paragraph" >> Judge(settings.judge, settings.sites)
    )
    prints = judged | "Fingerprint paragraphs" >> Fingerprint(settings, job.staging, job.ranges)
    templates = prints.outlines | "Find lines that a site repeats" >> FindTemplates(
        settings.templates, job.ranges
    )
    known = prints.staged
    if job.past is not None:
        earlier = known | "Recall what earlier runs kept" >> Recall(
            settings, job.staging, job.ranges, job.past.slices
        )
        known = (known, earlier) | "Tonight and earlier" >> beam.Flatten()
    matched = prints._replace(staged=known) | "Match candidates exactly" >> Match(
        settings, job.staging, job.ranges
    )
    verdicts = matched | "Decide what goes" >> Decide(settings, job.staging, known, templates)
    decided = (prints.staged, templates, verdicts)
    marks = decided | "Mark what other documents tell" >> MarkAcross(
        settings, job.staging, job.ranges
    )
    written = (*decided, marks) | "Write clean documents" >> Write(
        settings, job.staging, job.output, known, None if job.past is None else job.past.run
    )
    return written | "Write the manifest" >> WriteManifest(settings, job.output, job.past)
