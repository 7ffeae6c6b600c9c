"""What a run would remove, for eyes: by verdict, against the limits, by source with examples."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.guards import counts, is_over, percent, worst_first, worst_share
from pipeline.losses import Example, Loss, Losses, whole_loss
from pipeline.outputs import Manifest
from pipeline.summary import count_lines
from pipeline.terminal import WIDTH, clip, pad, wrap
from transforms.settings import GuardSettings

_SOURCES = 10
"""Sources that are listed."""
_SHOWN = 3
"""Sources whose examples are shown."""
_NAME = 28


def preview(manifest: Manifest, losses: Losses, settings: GuardSettings, seconds: float) -> str:
    """The table of what would go, in 80 columns, safe for a terminal."""
    return "\n".join(
        (
            *count_lines(manifest.counts, seconds),
            *_totals(whole_loss(losses), settings),
            *_worst_source(losses, settings),
            *_sources(losses, settings),
            *_examples(losses, settings),
        )
    )


def _totals(whole: Loss, settings: GuardSettings) -> Iterator[str]:
    yield ""
    yield f"{'what would go':<44}{'share':>8}{'limit':>10}"
    for words, part, total, share, limit in (
        (
            "documents (dropped or left empty)",
            whole.documents_gone,
            whole.documents,
            whole.of_documents,
            settings.max_documents,
        ),
        (
            "paragraphs (as duplicates)",
            whole.paragraphs_gone,
            whole.paragraphs,
            whole.of_paragraphs,
            settings.max_paragraphs,
        ),
        (
            "characters (as boilerplate)",
            whole.characters_gone,
            whole.characters,
            whole.of_characters,
            settings.max_boilerplate,
        ),
    ):
        yield _against(words, share, limit)
        yield f"    {part:,} of {total:,}"


def _worst_source(losses: Losses, settings: GuardSettings) -> Iterator[str]:
    words = f"any one source (with {settings.min_source_documents:,} documents or more)"
    counting = [each for each in losses.items() if counts(each[1], settings)]
    if not counting:
        yield _against(words, 0.0, settings.max_source)
        yield "    no source is that large: guards.min_source_documents"
        return
    name, loss = max(counting, key=lambda each: (worst_share(each[1]), each[0]))
    yield _against(words, worst_share(loss), settings.max_source)
    yield f"    {clip(name, WIDTH - 4)}"


def _against(words: str, share: float, limit: float) -> str:
    most = percent(limit) if limit < 1 else "none"
    over = "  over" if share > limit else ""
    return f"  {words:<44}{percent(share):>6}{most:>10}{over}"


def _sources(losses: Losses, settings: GuardSettings) -> Iterator[str]:
    worst = worst_first(losses, settings)
    if not worst:
        return
    yield ""
    yield (
        f"{pad('sources, worst first', _NAME + 2)}{'documents':>10}{'gone':>8}{'duplicates':>12}"
        f"{'boilerplate':>13}"
    )
    for name, loss in worst[:_SOURCES]:
        over = "  over" if is_over(loss, settings) else ""
        yield (
            f"  {pad(name, _NAME)}{loss.documents:>10,}{percent(loss.of_documents):>8}"
            f"{percent(loss.of_paragraphs):>12}{percent(loss.of_characters):>13}{over}"
        )
    if len(worst) > _SOURCES:
        yield f"  and {len(worst) - _SOURCES:,} more"


def _examples(losses: Losses, settings: GuardSettings) -> Iterator[str]:
    for name, loss in worst_first(losses, settings)[:_SHOWN]:
        yield ""
        yield from wrap(f"removed from {name}, for example", "", "  ")
        for example in loss.examples:
            yield from wrap(_heading(example), "  ", "    ")
            yield from wrap(example.text, "      ", "      ")


def _heading(example: Example) -> str:
    heading = f"{example.document} {example.paragraph}: {example.verdict}"
    if example.kept is None:
        return heading
    place = "" if example.kept_paragraph is None else f" {example.kept_paragraph}"
    return f"{heading} of {example.kept}{place}"
