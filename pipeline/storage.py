"""Where files are: this machine, or whatever Beam's file systems reach.

A path with a scheme (``s3://``) goes to Beam, any other to the operating
system.  What fails at a remote store for another reason than the file itself
is no :class:`OSError`: such a run fails, as its records are not known to be bad.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import BinaryIO, Final, NamedTuple

from pipeline.errors import MissingInput, UserError
from transforms.block import RecordError

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]{1,15})://")
_MAGIC: Final = re.compile(r"[*?\[]")


class _Store(NamedTuple):
    module: str
    """What Beam needs to reach it."""
    extra: str
    """The extra of ours that brings it."""


_STORES: Final = {
    "s3": _Store("boto3", "s3"),
    "gs": _Store("google.cloud.storage", "gcs"),
    "azfs": _Store("azure.storage.blob", "azure"),
    "hdfs": _Store("hdfs", "hdfs"),
}


class Found(NamedTuple):
    """A file of a remote store."""

    path: str
    size: int
    modified: int
    """When it was last changed, in nanoseconds; 0 where the store does not say."""


def is_remote(path: str) -> bool:
    """Whether a path names a file system by its scheme."""
    return _SCHEME.match(path) is not None


def use_options(flags: Sequence[str]) -> None:
    """Let Beam's options say how remote stores are reached, in this process.

    Workers have the options of their pipeline.
    """
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions

    FileSystems.set_options(PipelineOptions(list(flags)))


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """A regular file, to be read from any place in it.

    Raises:
        RecordError: ``unreadable-folder``, ``not-a-file`` or ``unreadable-file``;
            also when it fails while it is read.
    """
    try:
        if is_remote(path):
            with _open_remote(path) as file:
                yield file
        else:
            _check_local(path)
            with open(path, "rb") as file:
                yield file
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "EIO")
        raise RecordError(
            "unreadable-file",
            f"the file cannot be opened ({code}): check that it exists and may be read",
        ) from error


def _check_local(path: str) -> None:
    if os.path.isdir(path):
        raise RecordError(
            "unreadable-folder", "this folder cannot be listed: check that it may be read"
        )
    if not os.path.isfile(path) and os.path.exists(path):
        raise RecordError("not-a-file", "this is no regular file (a pipe or device, say)")


def _open_remote(path: str) -> BinaryIO:
    # Imported here: Beam takes a second, which who reads local files need not spend.
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)


def list_remote(argument: str) -> tuple[str, list[Found]]:
    """The files of a remote store that an argument names, after the folder that they are below.

    Args:
        argument: a file, a folder (all below it, but for names that start with
            a dot) or a pattern; ``*`` stands for a part of a name, ``**`` for
            anything.

    Raises:
        UserError: the store cannot be reached, or has nothing of that name.
    """
    _check_scheme(argument)
    if _MAGIC.search(argument):
        fixed = argument[: _MAGIC.search(argument).start()]  # type: ignore[union-attr]
        base = fixed.rpartition("/")[0] + "/"
        found = _match(argument)
        if not found:
            raise MissingInput(f"nothing matches {argument}: check the pattern")
        return base, found
    if not argument.endswith("/"):
        found = _match(argument)
        if found:
            return argument.rpartition("/")[0] + "/", found
    base = argument.rstrip("/") + "/"
    found = [each for each in _match(base + "**") if "/." not in "/" + each.path.removeprefix(base)]
    if not found:
        raise MissingInput(f"{argument} does not exist, or holds no documents: check the path")
    return base, found


def _check_scheme(argument: str) -> None:
    match = _SCHEME.match(argument)
    scheme = match[1] if match else ""
    store = _STORES.get(scheme)
    if store is None:
        raise UserError(
            f"{argument}: {scheme}:// is none of the stores that are read"
            f" ({', '.join(f'{name}://' for name in _STORES)}): copy the input here first"
        )
    try:
        there = find_spec(store.module) is not None
    except ModuleNotFoundError:  # of a package above it
        there = False
    if not there:
        raise UserError(
            f"{argument}: to read {scheme}:// take pip install 'copydesk[{store.extra}]'"
        )


def _match(pattern: str) -> list[Found]:
    from apache_beam.io.filesystems import FileSystems

    try:
        (result,) = FileSystems.match([pattern])
    except Exception as error:  # each store has its own, and a user reads what it says
        raise UserError(f"{pattern} cannot be listed: {_reason(error)}") from error
    # Stores without folders have empty objects in their place.
    return sorted(
        Found(each.path, each.size_in_bytes, round((each.last_updated_in_seconds or 0) * 1e9))
        for each in result.metadata_list
        if not each.path.endswith("/")
    )


def _reason(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
