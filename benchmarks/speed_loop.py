"""The graph of a run in a plain loop: ``copydesk run --runner=benchmarks.speed_loop.PlainLoop``.

Calls the functions that stand in the graph, and nothing of Beam: every collection is a list,
grouping is a dictionary, and what a function gives crosses nothing.  So it never drifts from
the graph, and what it saves is Beam's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.internal.util import insert_values_in_args
from apache_beam.pipeline import AppliedPTransform
from apache_beam.pvalue import AsIter, AsList, AsSideInput, PCollection, TaggedOutput
from apache_beam.runners.runner import PipelineResult, PipelineRunner, PipelineState
from apache_beam.transforms.core import Flatten, GroupByKey, Impulse, ParDo
from apache_beam.transforms.util import Reshuffle


class PlainLoop(PipelineRunner):
    """Runs a pipeline of batch transforms in this process."""

    def run_pipeline(self, pipeline: beam.Pipeline, options: Any) -> PipelineResult:
        """Run every leaf of the pipeline."""
        del options
        loop = _Loop()
        for leaf in _leaves(pipeline._root_transform()):
            loop.results_of(leaf)
        return _Done()


class _Done(PipelineResult):
    def __init__(self) -> None:
        super().__init__(PipelineState.DONE)  # type: ignore[no-untyped-call]

    def wait_until_finish(self, duration: Any = None) -> str:
        del duration
        return PipelineState.DONE

    def metrics(self) -> Any:
        return self

    def query(self, filter: Any = None) -> dict[str, list[Any]]:  # noqa: A002  Beam's name
        """No metric is kept."""
        del filter
        return {"counters": [], "distributions": [], "gauges": []}


def _leaves(node: AppliedPTransform) -> Iterator[AppliedPTransform]:
    """What gives a collection of its own; a reshuffle changes no value."""
    if not node.parts and any(each.producer is node for each in node.outputs.values()):
        yield node
    if not isinstance(node.transform, Reshuffle):
        for part in node.parts:
            yield from _leaves(part)


class _Loop:
    def __init__(self) -> None:
        self._results: dict[AppliedPTransform, dict[str | None, list[Any]]] = {}

    def results_of(self, node: AppliedPTransform) -> dict[str | None, list[Any]]:
        """The lists that a leaf gives, by tag."""
        if node not in self._results:
            self._results[node] = self._run(node)
        return self._results[node]

    def _values(self, collection: PCollection[Any]) -> list[Any]:
        node = collection.producer
        if node is None:
            raise NotImplementedError(f"nothing gives {collection}")
        above: AppliedPTransform | None = node
        while above is not None:
            if isinstance(above.transform, Reshuffle):
                return self._values(above.inputs[0])
            above = above.parent
        return self.results_of(node).get(collection.tag, [])

    def _run(self, node: AppliedPTransform) -> dict[str | None, list[Any]]:
        match node.transform:
            case Impulse():
                return {None: [b""]}
            case Flatten():
                return {None: [value for each in node.inputs for value in self._values(each)]}
            case GroupByKey():
                groups: dict[Any, list[Any]] = defaultdict(list)
                for key, value in self._values(node.inputs[0]):
                    groups[key].append(value)
                return {None: list(groups.items())}
            case ParDo() as step:
                return self._each(step, self._values(node.inputs[0]), node.side_inputs)
        raise NotImplementedError(f"a plain loop has no {node.full_label}")

    def _each(
        self, step: ParDo, values: list[Any], sides: tuple[AsSideInput, ...]
    ) -> dict[str | None, list[Any]]:
        found: dict[str | None, list[Any]] = defaultdict(list)
        args, kwargs = insert_values_in_args(step.args, step.kwargs, map(self._side, sides))
        step.fn.setup()
        for value in values:
            for result in step.fn.process(value, *args, **kwargs) or ():
                if isinstance(result, TaggedOutput):
                    found[result.tag].append(result.value)
                else:
                    found[None].append(result)
        step.fn.teardown()
        return found

    def _side(self, side: AsSideInput) -> list[Any]:
        if not isinstance(side, AsList | AsIter):
            raise NotImplementedError(f"a plain loop has no {type(side).__name__}")
        return self._values(side.pvalue)
