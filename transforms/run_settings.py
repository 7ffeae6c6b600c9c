"""The settings of a run as a whole: what it writes, and when it stops.

The others are in :mod:`transforms.settings`, which has the names of these too.
"""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from msgspec import Meta, Struct

Format = Literal["jsonl", "parquet", "text"]
Compression = Literal["auto", "none", "gzip", "zstd"]
Limit = Literal["documents", "paragraphs", "boilerplate", "source"]
InputFormat = Literal["auto", "text", "html", "jsonl", "json", "csv", "tsv", "parquet", "warc"]
TextIs = Literal["auto", "text", "html"]


class InputSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What files hold, and which fields of their records are read; the others are not."""

    format: Annotated[
        InputFormat,
        Meta(
            description="What every file is: text, html, jsonl, json, csv, tsv, parquet, warc (ARC"
            " and WET too), or auto (its name says it, else its first bytes). Compression is found"
            " out by itself."
        ),
    ] = "auto"
    text_field: Annotated[str, Meta(description="The text or the page; a record needs it.")] = (
        "text"
    )
    id_field: Annotated[
        str,
        Meta(
            description="The id, a string or an integer; a record without one is named after its"
            " place in the file."
        ),
    ] = "id"
    text_is: Annotated[
        TextIs,
        Meta(
            description="What the text field holds: text, html, or auto (html where it begins as a"
            " page does)."
        ),
    ] = "auto"
    url_field: Annotated[
        str, Meta(description="The address (http or https); its host is the site.")
    ] = "url"
    published_field: Annotated[
        str, Meta(description="The date of publication, ISO 8601 or as pages write it.")
    ] = "published"
    max_expansion: Annotated[
        int,
        Meta(
            ge=1,
            description="A compressed file that unpacks to more than so many times its size, and to"
            " more than decode.max_record_bytes, is read no further; a compressed body of a web"
            " archive that unpacks to more than so many times its size is not read.",
        ),
    ] = 250
    max_window_bytes: Annotated[
        int,
        Meta(
            ge=1024 * 1024,
            le=2 * 1024 * 1024 * 1024,
            description="Memory that unpacking may take to look back on; a zstd or xz file that"
            " asks for more is not read.",
        ),
    ] = 128 * 1024 * 1024


class OutputSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written, and in what pieces."""

    format: Annotated[
        Format,
        Meta(
            description="jsonl, parquet, or text: one .txt a document (paragraph spans are lost);"
            " what was removed, rejected and read is JSON Lines then."
        ),
    ] = "jsonl"
    compression: Annotated[
        Compression,
        Meta(
            description="Of whole files (.gz, .zst), in Parquet of the pages inside it. auto: zstd"
            " for Parquet, none for the others."
        ),
    ] = "auto"
    shard_bytes: Annotated[
        int,
        Meta(ge=1, description="Input in one block, and so in one part file (bytes)."),
    ] = 4 * 1024 * 1024
    row_group_records: Annotated[
        int,
        Meta(
            ge=1,
            description="Most records in a row group, which readers of Parquet can skip.",
        ),
    ] = 10_000
    shard_records: Annotated[
        int,
        Meta(ge=1, description="Most records in one block, and so in one part file."),
    ] = 50_000


class WatchSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one record may take of the machine, as a last resort; 0 is no limit.

    With a limit, records are decoded and split in a process of its own beside each worker.
    """

    seconds: Annotated[
        float,
        Meta(
            ge=0,
            le=86_400,
            description="Processor time to decode a record, and again to split it; one that takes"
            " more is stopped and becomes a dead letter. It depends on the machine, so the run is"
            " not reproducible then, and ends with code 3.",
        ),
    ] = 0.0
    memory_bytes: Annotated[
        int,
        Meta(
            ge=0,
            description="Memory for the same, besides the 200 MB of the process. Linux only, and"
            " only with seconds.",
        ),
    ] = 0

    @property
    def is_on(self) -> bool:
        """Whether anything is watched."""
        return bool(self.seconds or self.memory_bytes)

    @property
    def problem(self) -> str | None:
        """A sentence when no run can keep these limits here; the settings of an output may be."""
        if not self.memory_bytes:
            return None
        if not self.seconds:
            return (
                "watch.memory_bytes needs watch.seconds: a record that takes little memory could"
                " take for ever"
            )
        if sys.platform != "linux":
            return "watch.memory_bytes works on Linux only: leave it out, and keep watch.seconds"
        return None


class GuardSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Shares that stop a run before it publishes, or fail it; 1 is no limit."""

    max_documents: Annotated[
        float,
        Meta(ge=0, le=1, description="Most documents that may go whole or be left empty."),
    ] = 1.0
    max_paragraphs: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Most paragraphs that may go as duplicates, of those that are no"
            " boilerplate.",
        ),
    ] = 1.0
    max_boilerplate: Annotated[
        float,
        Meta(ge=0, le=1, description="Most characters that may go as boilerplate."),
    ] = 1.0
    max_source: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="The limit of max_documents and max_paragraphs for each source alone: a"
            " site, else the first folder.",
        ),
    ] = 1.0
    min_source_documents: Annotated[
        int,
        Meta(ge=1, description="A source with fewer documents is too small for max_source."),
    ] = 20
    max_rejected: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Most records that may be rejected; beyond, the output is published and"
            " the exit code is 3.",
        ),
    ] = 1.0
