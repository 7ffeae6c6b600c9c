"""Every format of an output holds the same records, and ``verify`` reads them all."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from pipeline.compare import compare
from pipeline.errors import RunError
from pipeline.loading import ContractError, Output, read_output
from pipeline.outputs import FileEntry, Manifest
from pipeline.report.making import write_report
from pipeline.run import run
from pipeline.verify import verify
from tests.forging import forge_manifest
from tests.running import Row, clean, contents, records, write_files
from transforms.settings import Compression, Format, OutputSettings, Settings

STORY = (
    "The town council of Arlemouth voted on Monday for a new bridge over the river, 12 to 3.\n"
    "Half of a character \ud83d is lost, but the mayor will open the bridge in spring all the same."
)
ROWS: list[Row] = [
    {"id": "a", "url": "https://herald.example/a", "published": "2019-02-16", "text": STORY},
    {"id": "b", "url": "https://gazette.example/b", "text": f"Share this\n{STORY}\n12 comments"},
    {"id": "c", "text": "A ferry ran aground on Sunday night, and forty people were taken ashore."},
    {"title": "no text"},
]
WAYS: dict[tuple[Format, Compression], str] = {
    ("jsonl", "auto"): ".jsonl",
    ("jsonl", "gzip"): ".jsonl.gz",
    ("jsonl", "zstd"): ".jsonl.zst",
    ("parquet", "auto"): ".parquet",
}
FOLDERS = ["documents", "rejected", "removed", "sources"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = "\n".join(json.dumps(row) for row in ROWS)
    return write_files(tmp_path_factory.mktemp("in"), {"feed.jsonl": lines, "d.txt": STORY[:87]})


@pytest.fixture(scope="module")
def outputs(
    source: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[Format, Compression], Path]:
    folder = tmp_path_factory.mktemp("outputs")
    return {
        (format, compression): clean(
            folder / f"{format}-{compression}",
            source,
            settings=Settings(output=OutputSettings(format=format, compression=compression)),
        )
        for format, compression in WAYS
    }


def loaded(output: Path) -> Output:
    manifest = msgspec.json.decode((output / "manifest.json").read_bytes(), type=Manifest)
    settings = msgspec.convert(manifest.settings, Settings)
    return read_output(output, manifest.files, settings.output)


def test_every_format_holds_the_same_records_in_files_named_after_it(
    outputs: dict[tuple[Format, Compression], Path],
) -> None:
    reference = loaded(outputs["jsonl", "auto"])
    assert {record.verdict for record in reference.removed} == {"boilerplate", "duplicate"}
    assert [letter.error for letter in reference.rejected] == ["no-text"]
    for way, output in outputs.items():
        assert loaded(output) == reference
        names = list(contents(output, leave=("manifest.json", "run.json", "report.html")))
        assert names == [f"{folder}/part-00000{WAYS[way]}" for folder in FOLDERS]


def test_the_manifest_lists_files_as_they_are(
    outputs: dict[tuple[Format, Compression], Path],
) -> None:
    reference = records(outputs["jsonl", "auto"], "documents")
    for output in outputs.values():
        files = json.loads((output / "manifest.json").read_text())["files"]
        for entry in files:
            data = (output / entry["path"]).read_bytes()
            assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        assert next(each["records"] for each in files) == len(reference)


def test_verify_checks_every_format_against_its_input(
    source: Path, outputs: dict[tuple[Format, Compression], Path]
) -> None:
    for output in outputs.values():
        report = verify(output, [str(source)])
        assert report.problems == []
        assert report.rejudged == 4


def test_half_of_a_surrogate_pair_is_replaced_before_it_can_do_harm(
    outputs: dict[tuple[Format, Compression], Path],
) -> None:
    for output in outputs.values():
        (document,) = [each for each in loaded(output).documents if each.id == "a"]
        assert "Half of a character \ufffd is lost" in document.text
        (row,) = [each for each in loaded(output).sources if each.id == "a"]
        assert row.changes["surrogates"] == 1


def test_two_workers_write_the_same_parquet(source: Path, tmp_path: Path) -> None:
    settings = Settings(output=OutputSettings(format="parquet", shard_bytes=300))
    one, two = (
        contents(clean(tmp_path / f"{workers}", source, settings=settings, workers=workers))
        for workers in (1, 2)
    )
    assert one == two
    assert len([name for name in one if name.startswith("sources/")]) > 1


def test_text_that_was_changed_in_parquet_is_found(
    outputs: dict[tuple[Format, Compression], Path], tmp_path: Path
) -> None:
    forged = clean_copy(outputs["parquet", "auto"], tmp_path / "forged")
    path = forged / "documents" / "part-00000.parquet"
    table = pq.read_table(path)
    at = table.schema.get_field_index("text")
    field = table.schema.field(at)
    texts = pa.array(["forged"] * len(table), type=field.type)
    pq.write_table(table.set_column(at, field, texts), path)
    (problem,) = verify(forged).problems
    assert problem == (
        "documents/part-00000.parquet: the file was changed after the run (its digest differs)"
    )

    def agree(manifest: Row) -> None:
        manifest["files"][0]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()

    assert "a:" in verify(forge_manifest(forged, agree)).problems[0]


@pytest.mark.parametrize("way", [("jsonl", "gzip"), ("jsonl", "zstd"), ("parquet", "auto")])
def test_an_output_that_unpacks_to_more_than_a_run_writes_is_read_no_further(
    outputs: dict[tuple[Format, Compression], Path],
    way: tuple[Format, Compression],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.part_formats._ALWAYS", 1_000)
    monkeypatch.setattr("pipeline.part_formats._MOST_EXPANSION", 0)
    output = outputs[way]
    said = "documents/part-00000.* unpacks? to more than the 1,000 bytes"
    (problem,) = verify(output).problems
    assert re.match(said, problem)
    assert "if the output is not yours, do not trust it" in problem  # it may be a run's
    with pytest.raises(RunError, match=said):
        list(compare(output, output, 0))
    with pytest.raises(RunError, match=said):
        write_report(output)


def test_the_files_of_a_block_share_a_limit(
    outputs: dict[tuple[Format, Compression], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = outputs["jsonl", "gzip"]
    sizes = [len(gzip.decompress(path.read_bytes())) for path in sorted(output.rglob("*.gz"))]
    monkeypatch.setattr("pipeline.part_formats._MOST_EXPANSION", 0)
    monkeypatch.setattr("pipeline.part_formats._ALWAYS", sum(sizes))
    assert loaded(output).documents
    monkeypatch.setattr("pipeline.part_formats._ALWAYS", sum(sizes) - 1)
    with pytest.raises(ContractError, match="sources/part-00000"):
        loaded(output)


def test_a_file_counts_once_for_the_limit_however_often_it_is_named(
    outputs: dict[tuple[Format, Compression], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    output, settings = outputs["jsonl", "gzip"], OutputSettings(compression="gzip")
    monkeypatch.setattr("pipeline.part_formats._MOST_EXPANSION", 1)
    monkeypatch.setattr("pipeline.part_formats._ALWAYS", 0)
    names = ["documents/part-00000.jsonl.gz", "documents//part-00000.jsonl.gz"]
    size = (output / names[0]).stat().st_size
    entries = [FileEntry(path=name, sha256="", records=2) for name in names]
    with pytest.raises(ContractError, match=f"unpacks to more than the {size:,} bytes"):
        read_output(output, entries, settings)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "part-00000.jsonl").symlink_to("/dev/zero")
    entry = FileEntry(path="documents/part-00000.jsonl", sha256="", records=2)
    with pytest.raises(ContractError, match="is no file"):
        read_output(tmp_path, [entry], OutputSettings())


def test_a_file_of_another_format_than_the_settings_say_is_refused(
    outputs: dict[tuple[Format, Compression], Path],
) -> None:
    output = outputs["jsonl", "gzip"]
    manifest = msgspec.json.decode((output / "manifest.json").read_bytes(), type=Manifest)
    with pytest.raises(ContractError, match=r"make files that end in \.parquet"):
        read_output(output, manifest.files, OutputSettings(format="parquet"))


def test_the_number_and_the_order_of_records_are_checked(
    outputs: dict[tuple[Format, Compression], Path], tmp_path: Path
) -> None:
    output = clean_copy(outputs["jsonl", "auto"], tmp_path / "copy")
    path = output / "sources" / "part-00000.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    entry = FileEntry(path="sources/part-00000.jsonl", records=len(lines), sha256="")
    with pytest.raises(ContractError, match=f"has {len(lines)} records, the manifest says 1"):
        read_output(output, [replace(entry, records=1)], OutputSettings())
    path.write_bytes(b"".join(reversed(lines)))
    with pytest.raises(ContractError, match="the records are not in order"):
        read_output(output, [entry], OutputSettings())


def test_plain_text_is_compressed_and_replaced_by_another_format(
    source: Path, tmp_path: Path
) -> None:
    settings = Settings(output=OutputSettings(format="text", compression="gzip"))
    output = clean(tmp_path / "out", source, settings=settings)
    text = gzip.decompress((output / "documents" / "c.txt.gz").read_bytes()).decode()
    assert text == f"{ROWS[2]['text']}\n"
    assert (output / "removed" / "part-00000.jsonl.gz").is_file()
    parquet = Settings(output=OutputSettings(format="parquet"))
    run([str(source)], output, parquet, overwrite=True, workers=1)
    assert {path.suffix for path in (output / "documents").iterdir()} == {".parquet"}
    assert verify(output).problems == []


def clean_copy(output: Path, to: Path) -> Path:
    """A copy of an output that a test may change."""
    for name, data in contents(output, leave=()).items():
        write_files(to, {name: data})
    return to
