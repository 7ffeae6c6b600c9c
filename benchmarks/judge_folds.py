"""Judges that have not seen a page's site: five by site, and one that has seen English alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click
import msgspec
from sklearn.model_selection import GroupKFold

from benchmarks.judge_data import Example
from benchmarks.judge_training import Sample, read_sample, train
from benchmarks.judge_training import without_vote as unvoted
from transforms.classifier import Classifier, load_classifier
from transforms.sealed import seal

_FOLDS: Final = 5
_SITES: Final = "folds.json"
_ENGLISH: Final = "english.msgpack"


class Folds(NamedTuple):
    """The judges."""

    by_site: dict[str, Classifier]
    """For each site one that was trained without it."""
    english: Classifier
    """Trained on the English pages."""


def read_folds(examples: Sequence[Example], folder: Path | None) -> Folds:
    """The judges of a folder; without it, or if it has none, they are trained (and put there)."""
    if folder is not None and (folder / _SITES).exists():
        return Folds(read_by_site(folder), load_classifier(folder / _ENGLISH))
    samples = [read_sample(example) for example in examples]
    sites = [sample.site for sample in samples]
    names: dict[str, str] = {}
    judges: dict[str, Classifier] = {}
    for fold, (seen, unseen) in enumerate(GroupKFold(_FOLDS).split(sites, groups=sites)):
        name = f"fold-{fold}.msgpack"
        judge = _train([samples[index] for index in seen], name, folder)
        for index in unseen:
            names[sites[index]] = name
            judges[sites[index]] = judge
    of_english = [s for s, e in zip(samples, examples, strict=True) if e.gold.language == "en"]
    english = _train(of_english, _ENGLISH, folder)
    if folder is not None:
        (folder / _SITES).write_text(json.dumps(names, indent=1, sort_keys=True) + "\n", "utf-8")
    return Folds(judges, english)


def read_by_site(folder: Path) -> dict[str, Classifier]:
    """For each site the judge in the folder that was trained without it."""
    names: dict[str, str] = json.loads((folder / _SITES).read_bytes())
    return {site: load_classifier(folder / name) for site, name in names.items()}


def _train(samples: Sequence[Sample], name: str, folder: Path | None) -> Classifier:
    click.echo(f"training {name} on {len(samples)} texts", err=True)
    model = train(samples, name)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(seal(model))
    return Classifier(model)


def without_vote(example: Example) -> Example:
    """A page as the fast mode renders it: nobody has voted on its blocks."""
    document = msgspec.structs.replace(
        example.document, paragraphs=unvoted(example.document.paragraphs)
    )
    return example._replace(document=document)
