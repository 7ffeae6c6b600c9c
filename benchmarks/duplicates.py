"""How copies are found, and what goes: ``python -m benchmarks.duplicates DATA``.

DATA is a folder with ``corpora/`` (real news with silver pairs of documents).  Prints one table a
question; those on restatements need ``neardup/`` (labelled pairs) there as well.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from benchmarks import duplicate_across as across
from benchmarks.duplicate_cases import changed_cases, lost_numbers, renumbered, template_pairs
from benchmarks.duplicate_data import CORPORA, judged, part, silver_pairs
from benchmarks.duplicate_documents import documents_table, follow, links
from benchmarks.duplicate_hot import KINDS, hot_table, measured_apart
from benchmarks.duplicate_peers import PEERS, documents, peers_table, run_copydesk, run_peer, score
from benchmarks.duplicate_recall import growth_table, recall, recall_table
from benchmarks.duplicate_trials import Drop, changed_words, drops, trial, whole_documents
from benchmarks.restatements import show_restatements
from transforms.block import Block
from transforms.fingerprints import Fingerprints, fingerprint
from transforms.settings import Settings
from transforms.single import decide_block

QUESTIONS: Final = (
    *("recall", "documents", "numbers", "words", "hot", "peers", "restatements", "across"),
)

_PARTS: Final = (0.25, 0.5, 1.0)
_TEMPLATES: Final = "reuters21578"
_CASES: Final = 1000
_RENUMBERED: Final = 2000
_HOT_SIZES: Final = {
    "copies": (25_000, 50_000, 100_000),
    "spellings": (4000, 8000, 16_000),
    "variants": (4000, 8000, 16_000),
    "groups": (1000, 2000, 4000),
    "crafted": (1000, 2000, 4000),
}
_WIDTH: Final = 100


def show_recall(blocks: Mapping[str, Block], settings: Settings) -> None:
    """Recall of the bands against a full join, and candidates as a corpus grows."""
    found = {
        (name, share): recall(_prints(part(block, share), settings), settings)
        for name, block in blocks.items()
        for share in _PARTS
    }
    click.echo("\nproposed of all paragraph pairs, by Jaccard above the tier's bar")
    click.echo(recall_table([(name, found[name, _PARTS[-1]]) for name in blocks]))
    click.echo("\ncandidates as a corpus grows")
    click.echo(
        growth_table([(f"{name} {share:.0%}", each) for (name, share), each in found.items()])
    )


def show_documents(
    data: Path,
    blocks: Mapping[str, Block],
    prints: Mapping[str, Fingerprints],
    settings: Settings,
) -> None:
    """What became of the silver pairs."""
    found = []
    for name, block in blocks.items():
        verdicts = decide_block(block, settings).verdicts
        found.append(
            (name, follow(silver_pairs(data, name), block, links(prints[name], settings), verdicts))
        )
    click.echo("\nsilver document pairs, by word-5-gram Jaccard of the whole texts")
    click.echo(documents_table(found))


def show_numbers(block: Block, prints: Fingerprints, settings: Settings) -> None:
    """Drops of templates with other numbers."""
    least = settings.decide.min_words
    for title, pairs in (
        ("real paragraphs that differ in numbers only", template_pairs(prints.texts, least)),
        ("paragraphs with one digit changed", renumbered(prints.texts, least, _RENUMBERED)),
    ):
        gone = trial(sorted({text for pair in pairs for text in pair}), settings)
        click.echo(f"\n{title}: {len(pairs)} pairs of {_TEMPLATES}, {len(gone)} drops")
        _list_losses(gone)
    verdicts = decide_block(block, settings).verdicts
    gone = drops(block, verdicts)
    click.echo(f"\nthe whole flow on {_TEMPLATES}: {len(gone)} paragraphs dropped")
    _list_losses(gone)
    unproven = whole_documents(block, verdicts)
    lost = [each for each in unproven if each.lost]
    click.echo(
        f"{len(unproven)} documents went with a paragraph that nothing proves,"
        f" {len(lost)} of them with a number that the survivor lacks"
    )
    for each in lost:
        click.echo(f"  {each.document} for {each.survivor}: {', '.join(each.lost)}")


def show_words(prints: Iterable[Fingerprints], settings: Settings) -> None:
    """One changed word in 20."""
    texts = [text for each in prints for text in each.texts]
    cases, unrelated = changed_cases(texts, _CASES)
    result = changed_words(cases, unrelated, settings)
    click.echo(
        f"\none changed word in 20: {result.cases} cases among {result.unrelated} paragraphs:"
        f" {result.found} found, {result.gone} of them go, {len(result.wrong)} wrong pairs"
    )
    _list(result.wrong)


def show_hot() -> None:
    """What hot buckets cost."""
    click.echo("\nhot buckets: " + "; ".join(f"{kind}: {what}" for kind, what in KINDS.items()))
    rows = [
        (kind, measured_apart(kind, size)) for kind, sizes in _HOT_SIZES.items() for size in sizes
    ]
    click.echo(hot_table(rows))


def show_peers(data: Path, peers: Path | None, settings: Settings) -> None:
    """The same documents through other tools."""
    source = documents(data)
    dropped, listed = run_copydesk(source, settings)
    rows = []
    for name, script in PEERS.items():
        python = peers / name / "bin" / "python" if peers else None
        if python is None or not python.exists():
            click.secho(
                f"\nNOT MEASURED: {name}. Give --peers FOLDER with its environment in"
                f" FOLDER/{name} (see docs/duplicates.md).",
                fg="red",
                bold=True,
                err=True,
            )
            continue
        rows.append((name, score(data, source, run_peer(python, script, source))))
    rows.append(("copydesk", score(data, source, dropped)))
    click.echo(f"\n{len(source)} documents through each tool; silver pairs of which one goes")
    click.echo(peers_table(rows, score(data, source, [*dropped, *listed])))


def show_across(data: Path) -> None:
    """Marks across documents."""
    for corpus in across.CORPORA:
        found = across.run_across(data, corpus)
        without, used = found.seconds.values()
        click.echo(
            f"\nrestatements across documents in {corpus}: {len(found.marks)} paragraphs marked"
            f" ({found.inside} inside documents);"
            f" the whole program {used:.1f} processor seconds, without them {without:.1f}"
        )
        for mark in across.chosen(found.marks):
            click.echo(f"  {mark.document}, told in {mark.kept}")
            for title, text in (("told:  ", mark.told), ("marked:", mark.text)):
                click.echo(textwrap.fill(f"    {title} {text}", _WIDTH, subsequent_indent=" " * 12))


def _list_losses(gone: Sequence[Drop]) -> None:
    lost = [drop for drop in gone if lost_numbers(drop.removed, drop.kept)]
    click.echo(f"  {len(lost)} of them lose a number")
    _list(lost)


def _list(gone: Sequence[Drop]) -> None:
    for drop in gone:
        click.echo(f"  {drop.tier} {drop.jaccard} {drop.document}")
        for title, text in (("kept:   ", drop.kept), ("removed:", drop.removed)):
            click.echo(textwrap.fill(f"    {title} {text}", _WIDTH, subsequent_indent=" " * 13))


def _prints(block: Block, settings: Settings) -> Fingerprints:
    return fingerprint(block, settings.decide)


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--peers",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with an environment for each of: " + ", ".join(PEERS) + ".",
)
@click.option(
    "--only",
    "questions",
    type=click.Choice(QUESTIONS),
    multiple=True,
    help="Answer these questions only.",
)
def main(data: Path, peers: Path | None, questions: tuple[str, ...]) -> None:
    """Print how copies and near-copies are found in the corpora of DATA."""
    settings = Settings()
    asked = questions or QUESTIONS
    if set(asked) - {"hot", "peers", "restatements", "across"}:
        blocks = {name: judged(data, name, settings) for name in CORPORA}
        prints = {name: _prints(block, settings) for name, block in blocks.items()}
        if "recall" in asked:
            show_recall(blocks, settings)
        if "documents" in asked:
            show_documents(data, blocks, prints, settings)
        if "numbers" in asked:
            show_numbers(blocks[_TEMPLATES], prints[_TEMPLATES], settings)
        if "words" in asked:
            show_words(prints.values(), settings)
    if "hot" in asked:
        show_hot()
    if "peers" in asked:
        show_peers(data, peers, settings)
    if "restatements" in asked:
        show_restatements(data, settings.restatements)
    if "across" in asked:
        show_across(data)


if __name__ == "__main__":
    main()
