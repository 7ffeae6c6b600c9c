"""How far a run is, by what its steps told: which step, how much of it, how much of the whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, get_args

import msgspec

from pipeline.blocks import BlockPlan
from pipeline.graph import Job
from transforms.progress import Step, Told
from transforms.restated_across import looks_across
from transforms.sightings import questions
from transforms.staging import TOLD

STEPS: Final[tuple[Step, ...]] = get_args(Step)

_SHARES: Final[Mapping[Step, float]] = {
    "read ids": 2,
    "judge": 56,
    "recall": 3,
    "look for candidates": 3,
    "compare": 4,
    "decide": 2,
    "look for restatements": 14,
    "compare restatements": 18,
    "write": 6,
    "report": 3,
}
"""What part of a run each step is, of 100 or so (docs/performance.md): it decides how the bar
moves, and how long the rest seems."""

_BY_BLOCK: Final[frozenset[Step]] = frozenset(("judge", "compare", "compare restatements", "write"))
"""Steps whose units are blocks: those that have something to do."""


class Work(NamedTuple):
    """What there is to do."""

    plans: tuple[int, ...]
    """About how many blocks come of each plan; 0 where it is one for certain."""
    units: dict[Step, int]
    """The steps that a run has, in order, with their units; where blocks are the units, so many
    for a block."""


class Standing(NamedTuple):
    """How far a run is."""

    step: Step
    number: int
    """Of the step, from 1."""
    steps: int
    done: int
    units: int
    """Of the step; of blocks, about so many, until they are cut."""
    share: float
    """Of the whole run, 0 to 1."""
    resumed: float
    """The part of ``share`` that an interrupted run had done."""
    documents: int
    """That are through the step, without those that were resumed."""
    bytes: int
    """Of their text."""
    blocks: int
    """That are judged."""


def work_of(job: Job, *, report: bool) -> Work:
    """What a run has to do.

    Args:
        report: whether it ends with a report.
    """
    settings = job.settings
    shard = settings.output.shard_bytes
    units: dict[Step, int] = {"judge": 1}
    if job.containers:
        units["read ids"] = len(job.blocks)
    if job.past is not None and job.past.slices:
        units["recall"] = len(job.past.slices)
    asked = questions(settings)
    units["look for candidates"] = len(asked) * job.ranges
    units["compare"] = 2 if "bodies" in asked else 1  # paragraphs, and documents
    units["decide"] = 1
    if looks_across(settings):
        units["look for restatements"] = settings.restatements.across_bands * job.ranges
        units["compare restatements"] = 2  # sketches, and what is told
    units["write"] = 1
    if report:
        units["report"] = 1
    return Work(
        tuple(_blocks(plan, shard) for plan in job.blocks),
        {step: units[step] for step in STEPS if step in units},
    )


def _blocks(plan: BlockPlan, shard_bytes: int) -> int:
    return max(1, -(-plan.size // shard_bytes)) if plan.streams else 0


class Standings:
    """Follows a run.

    Args:
        folder: where its steps tell.
    """

    def __init__(self, folder: str, work: Work) -> None:
        self._folder = folder
        self._work = work
        self._read: dict[Path, int] = {}
        self._begun: set[Step] = set()
        self._done: defaultdict[Step, set[int]] = defaultdict(set)
        self._judged: dict[int, Told] = {}

    def look(self) -> Standing:
        """How far the run is now."""
        for told in self._news():
            self._begun.add(told.step)
            if told.state == "begun":
                continue
            self._done[told.step].add(told.unit)
            if told.step == "judge":
                self._judged[told.unit] = told
        return self._standing()

    def _news(self) -> Sequence[Told]:
        news: list[Told] = []
        for path in Path(self._folder).glob(f"*{TOLD}"):
            try:
                with open(path, "rb") as file:
                    file.seek(self._read.get(path, 0))
                    # A line that is being written is read the next time.
                    whole, newline, _ = file.read().rpartition(b"\n")
            except FileNotFoundError:  # a run that is stopped removes them
                continue
            self._read[path] = self._read.get(path, 0) + len(whole) + len(newline)
            news += [msgspec.json.decode(line, type=Told) for line in whole.splitlines()]
        return news

    def _standing(self) -> Standing:
        steps = list(self._work.units)
        current = max((steps.index(step) for step in self._begun if step in steps), default=0)
        total = sum(_SHARES[step] for step in steps)
        before = sum(_SHARES[step] for step in steps[:current])
        step = steps[current]
        done, units = len(self._done[step]), self._units(step)
        share = (before + _SHARES[step] * min(1.0, done / max(1, units))) / total
        fresh = [told for told in self._judged.values() if told.state == "finished"]
        through = 1.0 if step == "judge" else min(1.0, done / max(1, units))
        counted = fresh if step == "judge" else self._judged.values()
        return Standing(
            step=step,
            number=current + 1,
            steps=len(steps),
            done=done,
            units=units,
            share=share,
            resumed=self._share_resumed(total),
            documents=round(through * sum(told.documents for told in counted)),
            bytes=round(through * sum(told.text_bytes for told in counted)),
            blocks=len(self._judged),
        )

    def _share_resumed(self, total: float) -> float:
        resumed = sum(told.state == "resumed" for told in self._judged.values())
        return _SHARES["judge"] / total * min(1.0, resumed / max(1, self._units("judge")))

    def _units(self, step: Step) -> int:
        units = self._work.units[step]
        if step not in _BY_BLOCK:
            return units
        blocks = self._to_judge() if step == "judge" else len(self._judged)
        if step == "compare":  # with what earlier runs kept, whose blocks compare as well
            blocks += len(self._done["recall"])
        return units * blocks

    def _to_judge(self) -> int:
        """The blocks there are to be: of a file that is cut as it is read, one more at least."""
        plans = self._work.plans
        done = Counter(unit % len(plans) for unit in self._judged)
        return sum(max(blocks, done[at] + 1) if blocks else 1 for at, blocks in enumerate(plans))
