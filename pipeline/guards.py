"""Guard rails: limits to what a run may remove or reject, all off by default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from pipeline.losses import Loss, Losses, whole_loss
from pipeline.outputs import Tally
from transforms.settings import GuardSettings, Limit
from transforms.watching import UNREPRODUCIBLE

LIMITS: Final[tuple[Limit, ...]] = get_args(Limit)
"""What ``--max-removed`` can limit."""

_PLAIN_LIMITS: Final[tuple[Limit, ...]] = ("documents", "paragraphs")
"""What a share without a name limits."""


def named_limits(given: Mapping[Limit | None, float]) -> dict[str, float]:
    """Settings from the shares that ``--max-removed`` was given, by name or without one.

    >>> named_limits({None: 0.3, "documents": 0.1})
    {'max_documents': 0.1, 'max_paragraphs': 0.3}
    """
    limits = dict.fromkeys(_PLAIN_LIMITS, given[None]) if None in given else {}
    limits.update({name: share for name, share in given.items() if name is not None})
    return {f"max_{name}": share for name, share in limits.items()}


def broken_limits(losses: Losses, settings: GuardSettings) -> list[str]:
    """A sentence for each limit that the removals of a run exceed."""
    return [*_broken(whole_loss(losses), settings), *_broken_by_sources(losses, settings)]


def _broken(whole: Loss, settings: GuardSettings) -> Iterator[str]:
    if whole.of_documents > settings.max_documents:
        yield (
            f"{percent(whole.of_documents)} of the documents would go, more than documents="
            f"{settings.max_documents:g}"
        )
    if whole.of_paragraphs > settings.max_paragraphs:
        yield (
            f"{percent(whole.of_paragraphs)} of the paragraphs would go as duplicates, more than "
            f"paragraphs={settings.max_paragraphs:g}"
        )
    if whole.of_characters > settings.max_boilerplate:
        yield (
            f"{percent(whole.of_characters)} of the characters would go as boilerplate, more than "
            f"boilerplate={settings.max_boilerplate:g}"
        )


def _broken_by_sources(losses: Losses, settings: GuardSettings) -> Iterator[str]:
    over = [name for name, loss in worst_first(losses, settings) if is_over(loss, settings)]
    if over:
        others = f" and of {len(over) - 1:,} other sources" if len(over) > 1 else ""
        worst = worst_share(losses[over[0]])
        yield (
            f"{percent(worst)} of {over[0]}{others} would go, more than source="
            f"{settings.max_source:g}"
        )


def idle_limit(losses: Losses, settings: GuardSettings) -> str | None:
    """A sentence when a limit is set for each source and no source is large enough for it."""
    if settings.max_source == 1 or any(counts(loss, settings) for loss in losses.values()):
        return None
    return (
        f"source={settings.max_source:g} limits nothing here: no source has"
        f" {settings.min_source_documents:,} documents (guards.min_source_documents)"
    )


def is_over(loss: Loss, settings: GuardSettings) -> bool:
    """Whether a source loses more than a source may."""
    return counts(loss, settings) and worst_share(loss) > settings.max_source


def worst_share(loss: Loss) -> float:
    """The share by which a source is judged: of its documents or of its paragraphs."""
    return max(loss.of_documents, loss.of_paragraphs)


def worst_first(losses: Losses, settings: GuardSettings) -> list[tuple[str, Loss]]:
    """The sources that lose anything; those too small to count are last."""
    touched = ((name, loss) for name, loss in losses.items() if loss.examples)
    return sorted(
        touched,
        key=lambda item: (
            not counts(item[1], settings),
            -worst_share(item[1]),
            -item[1].of_characters,
            item[0],
        ),
    )


def counts(loss: Loss, settings: GuardSettings) -> bool:
    """Whether a source is large enough for a limit of its own."""
    return loss.documents >= settings.min_source_documents


def too_many_rejected(tally: Tally, settings: GuardSettings) -> str | None:
    """A sentence when more records were rejected than may be."""
    rejected = tally.statuses.get("rejected", 0)
    share = rejected / tally.records if tally.records else 0.0
    if share <= settings.max_rejected:
        return None
    return (
        f"{rejected:,} of {tally.records:,} records ({percent(share)}) were rejected, more than "
        f"max-rejected={settings.max_rejected:g}"
    )


def stopped(tally: Tally) -> dict[str, int]:
    """How many records were stopped for what they took of this machine, by their errors."""
    return {name: tally.errors[name] for name in UNREPRODUCIBLE if tally.errors.get(name)}


def unreproducible(tally: Tally) -> str | None:
    """A sentence when records were stopped for what they took of the machine."""
    found = ", ".join(f"{name} {count:,}" for name, count in stopped(tally).items())
    if not found:
        return None
    return (
        "the run is not reproducible: records were stopped by [watch], which depends on the"
        f" machine (rejected: {found})"
    )


def percent(share: float) -> str:
    """A share for people; what is not nothing does not read like nothing.

    >>> percent(0.314), percent(0.00001), percent(0)
    ('31.4%', '<0.1%', '0.0%')
    """
    text = f"{share:.1%}"
    return "<0.1%" if share and text == "0.0%" else text
