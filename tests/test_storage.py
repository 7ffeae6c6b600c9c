"""Storage: files of a store that speaks S3, served on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from apache_beam.io.filesystems import FileSystems
from moto.server import ThreadedMotoServer

from pipeline import storage
from pipeline.errors import UserError
from pipeline.sources import list_inputs
from pipeline.storage import is_remote, list_remote, opened, use_options
from pipeline.verify import verify
from tests.packing import PACK
from tests.running import copydesk, records
from transforms.block import RecordError

GOOD = "A title\n\nThe council met on {} to discuss the new bridge over the river.\n"

FILES = {
    "news/a.txt": GOOD.format("Monday").encode(),
    "news/b/c.jsonl": b"".join(
        json.dumps({"text": GOOD.format(day)}).encode() + b"\n" for day in ("Tuesday", "Friday")
    ),
    "news/b/d.jsonl.gz": PACK["gz"](
        json.dumps({"id": "d", "text": GOOD.format("Sunday")}).encode()
    ),
    "news/.hidden/e.txt": b"x",
    "news/plain": b"Nothing in the name",
    "newspaper/f.txt": b"another folder",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with some files in the bucket ``desk``."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    address = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - of a server that asks for none
    )
    client.create_bucket(Bucket="desk")
    for name, data in FILES.items():
        client.put_object(Bucket="desk", Key=name, Body=data)
    yield address
    server.stop()


@pytest.fixture
def flags(server: str) -> Iterator[list[str]]:
    """Beam's options that lead there."""
    before = FileSystems._pipeline_options
    flags = [
        f"--s3_endpoint_url={server}",
        "--s3_region_name=us-east-1",
        "--s3_access_key_id=test",
        "--s3_secret_access_key=test",
    ]
    use_options(flags)
    yield flags
    FileSystems._pipeline_options = before


def names(argument: str) -> list[str]:
    base, found = list_remote(argument)
    return [each.path.removeprefix(base) for each in found]


@pytest.mark.usefixtures("flags")
def test_files_folders_and_patterns_are_listed() -> None:
    below = ["a.txt", "b/c.jsonl", "b/d.jsonl.gz", "plain"]
    assert names("s3://desk/news") == names("s3://desk/news/") == below
    assert names("s3://desk/news/a.txt") == ["a.txt"]
    assert names("s3://desk/news/*.txt") == ["a.txt"]
    assert names("s3://desk/news/**.jsonl*") == ["b/c.jsonl", "b/d.jsonl.gz"]
    files = list_inputs(["s3://desk/news"])
    assert [file.source for file in files] == below
    assert [file.size for file in files] == [len(FILES[f"news/{name}"]) for name in below]
    assert [file.kind for file in files] == ["text", "jsonl", "jsonl", "unknown"]


@pytest.mark.usefixtures("flags")
def test_what_is_not_there_is_an_error() -> None:
    for argument in ("s3://desk/nowhere", "s3://desk/nowhere/*", "s3://nowhere/a.txt"):
        with pytest.raises(UserError, match="nowhere"):
            list_remote(argument)


@pytest.mark.usefixtures("flags")
def test_a_file_is_read_from_any_place() -> None:
    with opened("s3://desk/news/a.txt") as file:
        file.seek(9)
        assert file.read(11) == b"The council"
        file.seek(0)
        assert file.read() == FILES["news/a.txt"]


@pytest.mark.usefixtures("flags")
def test_a_file_that_has_gone_is_a_dead_letter() -> None:
    with pytest.raises(RecordError, match="ENOENT"), opened("s3://desk/gone.txt"):
        pass


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_reads_a_store(workers: str, flags: list[str], tmp_path: Path) -> None:
    output = tmp_path / "out"
    done = copydesk(
        "run", "s3://desk/news", "-o", output, "--near-duplicates", "off", "--workers", workers, *flags
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in records(output, "sources")] == [
        "a.txt", "b/c.jsonl#0", "b/c.jsonl#94", "d", "plain",
    ]  # fmt: skip
    assert verify(output, ["s3://desk/news"]).problems == []


def test_a_store_whose_extra_is_missing_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "find_spec", lambda _: None)
    for scheme, extra in (("s3", "s3"), ("gs", "gcs"), ("azfs", "azure"), ("hdfs", "hdfs")):
        with pytest.raises(UserError, match=rf"pip install 'copydesk\[{extra}\]'"):
            list_remote(f"{scheme}://desk/news")


def test_what_is_no_store_is_refused() -> None:
    for argument in ("https://herald.example/a", "ftp://herald.example/a"):
        assert is_remote(argument)
        with pytest.raises(UserError, match="none of the stores"):
            list_remote(argument)
    assert not is_remote("a/b.txt")
    assert not is_remote("c:/a")
