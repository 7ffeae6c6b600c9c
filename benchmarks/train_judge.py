"""Train the judge's model: ``python -m benchmarks.train_judge FOLDER [MODEL]``.

FOLDER holds the labelled pages (``boilerplate`` of the bench).  The same data
and the same libraries give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.judge_data import read_examples
from benchmarks.judge_training import read_sample, train
from transforms.classifier import MODEL
from transforms.sealed import MOST_BYTES, seal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", type=Path, nargs="?", default=MODEL)
    asked = parser.parse_args()
    samples = [
        read_sample(example)
        for example in read_examples(asked.folder)
        if example.document.paragraphs
    ]
    sites = {sample.site for sample in samples}
    data = seal(train(samples, f"{len(samples)} views of the pages of {len(sites)} sites"))
    if len(data) > MOST_BYTES:
        raise SystemExit(f"the model has {len(data)} bytes, more than {MOST_BYTES}")
    asked.model.parent.mkdir(parents=True, exist_ok=True)
    asked.model.write_bytes(data)
    print(f"{asked.model}: {len(data)} bytes")


if __name__ == "__main__":
    main()
