"""A Beam pipeline for Dataflow's flex templates: JSON Lines in, JSON Lines out.

It cleans each document by itself, or with ``--compare=corpus`` across all of them; for that every
worker has to see the folder ``--staging``.  Paths are whatever Beam's file systems reach.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import apache_beam as beam
import msgspec
from apache_beam.coders import BytesCoder
from apache_beam.io import ReadFromTextWithFilename
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import Row, TaggedOutput

from transforms.block import sample_of
from transforms.cleaning_steps import CleanDocuments, CleanEach
from transforms.rows import RejectedRow

_UNREADABLE: Final = "unreadable"


def parser() -> argparse.ArgumentParser:
    """The parameters of the template; ``metadata.json`` lists the same."""
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("--input", required=True, help="JSON Lines with id and text; a pattern")
    found.add_argument("--output", required=True, help="how the names of the results begin")
    found.add_argument("--settings", default="{}", help="tables of settings, as JSON")
    found.add_argument("--compare", choices=("document", "corpus"), default="document")
    found.add_argument("--staging", help="for --compare=corpus: a folder that all workers see")
    return found


def main(words: Sequence[str] | None = None) -> None:
    """Run the pipeline; options that are none of ours are Beam's."""
    own = parser()
    given, beam_flags = own.parse_known_args(words)
    if given.compare == "corpus" and not given.staging:
        own.error("--compare=corpus needs --staging: a folder that all workers see")
    settings = json.loads(given.settings)
    step = (
        CleanDocuments(settings, staging=given.staging)
        if given.compare == "corpus"
        else CleanEach(settings)
    )
    with beam.Pipeline(options=PipelineOptions(beam_flags)) as pipeline:
        lines = (
            pipeline
            | "Read lines" >> ReadFromTextWithFilename(given.input, coder=BytesCoder())
            | "Read records" >> beam.FlatMap(_read).with_outputs(_UNREADABLE, main="rows")
        )
        outputs = lines.rows | "Clean" >> step
        unreadable = lines[_UNREADABLE] | beam.Map(lambda row: row).with_output_types(RejectedRow)
        outputs["rejected"] = (
            outputs["rejected"],
            unreadable,
        ) | "All dead letters" >> beam.Flatten()
        for kind, rows in outputs.items():
            _ = (
                rows
                | f"Encode {kind}" >> beam.Map(_line)
                | f"Write {kind}"
                >> beam.io.WriteToText(f"{given.output}/{kind}/part", file_name_suffix=".jsonl")
            )


def _read(named: tuple[str, bytes]) -> Iterator[Row | TaggedOutput[str, RejectedRow]]:
    """The row of a line, or the dead letter that names its file."""
    file, line = named
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        message = "the line is no JSON object: write each record as one on a line of its own"
        letter = RejectedRow(file, None, None, "invalid-json", message, sample_of(line))
        yield TaggedOutput(_UNREADABLE, letter)
        return
    names = ("id", "text", "url", "published", "media_type")
    yield Row(**{name: fields.get(name) for name in names})


def _line(row: Any) -> str:
    return msgspec.json.encode(_plain(row)).decode()


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


if __name__ == "__main__":
    main()
