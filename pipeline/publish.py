"""Make an output appear whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

import msgspec

from pipeline.errors import Interrupted, UserError
from pipeline.failures import cannot_write
from pipeline.outputs import FOLDERS, MANIFEST, REPORT, RUN, STAGING, Manifest

_PARTIAL: Final = "partial"
_REPLACED: Final = "replaced"
_STAGED: Final = "staged"
_LEFTOVER: Final = re.compile(
    rf"\.(?P<name>.+)\.(?:{_PARTIAL}|{_REPLACED}|{_STAGED})-[0-9a-f]+", re.DOTALL
)


class Unpublished:
    """A folder beside the output, filled by the run and then renamed.

    The caller holds the lock of the output.  As a context manager it removes what was
    not published, unless the run was :class:`Interrupted`: the next one of the same key
    finds the folder as it was left.  What runs of other keys left is removed at the start.

    Args:
        output: where the output is to appear.
        overwrite: whether an existing output is replaced.
        key: what the run is, as a part of a file name.
        fresh: whether to begin anew where an interrupted run of the key left its folder.

    Raises:
        UserError: the output exists, or its folder cannot be written.
        RunError: the disk is full.
    """

    def __init__(self, output: Path, *, overwrite: bool, key: str, fresh: bool = False) -> None:
        self._output = Path(os.path.abspath(output))
        self._overwrite = overwrite
        self.folder = _beside(self._output, _PARTIAL, key)
        _restore(self._output)
        check_output(self._output, overwrite=overwrite)
        for path in leftovers(self._output):
            if fresh or path != self.folder:
                shutil.rmtree(path, ignore_errors=True)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name in FOLDERS:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                (self.folder / name).mkdir()
        except OSError as error:
            self.discard()
            raise cannot_write(error, output) from error

    def __enter__(self) -> Unpublished:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Interrupted):
            self.discard()

    def discard(self) -> None:
        """Remove what was not published."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def publish(self) -> None:
        """Rename the folder to the output; an existing one is removed only after that.

        Raises:
            UserError: something else made the output in the meantime.
            OSError: the file system refused; all is where it was.
        """
        check_output(self._output, overwrite=self._overwrite)
        mark = secrets.token_hex(6)
        old = _beside(self._output, _REPLACED, mark)
        staged = _beside(self._output, _STAGED, mark)
        done: list[tuple[Path, Path]] = []
        try:
            for path, place in (
                (self.folder / STAGING, staged),
                (self._output, old),
                (self.folder, self._output),
            ):
                if os.path.lexists(path):
                    os.rename(path, place)
                    done.append((path, place))
        except OSError:
            for path, place in reversed(done):
                os.rename(place, path)
            raise
        for path in (old, staged):
            shutil.rmtree(path, ignore_errors=True)


def check_output(output: Path, *, overwrite: bool) -> None:
    """Raise :class:`UserError` where an output cannot appear, or may not replace what is there."""
    if not output.name or os.path.ismount(output):
        raise UserError(f"{output} cannot be an output folder: name a folder below it")
    if os.path.lexists(output):
        if not overwrite:
            raise UserError(f"the output {output} exists: choose another, or add --overwrite")
        if not is_output(output):
            raise UserError(
                f"{output} was not written by copydesk, so --overwrite leaves it alone: "
                "choose another output"
            )


def is_output(folder: Path) -> bool:
    """Whether a folder is empty, or a manifest of ours and nothing that a run does not write."""
    if not folder.is_dir() or folder.is_symlink():
        return False
    names = {path.name for path in folder.iterdir()}
    if not names:
        return True
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return False
    return bool(manifest.copydesk) and names <= {*FOLDERS, MANIFEST, RUN, REPORT}


def leftovers(output: Path) -> Iterator[Path]:
    """Folders beside an output that runs which did not come to their end have left."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(output.parent) as entries:
        for entry in entries:
            if leftover_of(entry.name) == output.name and entry.is_dir(follow_symlinks=False):
                yield output.parent / entry.name


def leftover_of(name: str) -> str | None:
    """The name of the output beside which a run left a folder of this name, if one did."""
    found = _LEFTOVER.fullmatch(name)
    return found["name"] if found is not None else None


def remove_output(output: Path) -> None:
    """Remove an output and what runs left beside it; the caller holds its lock.

    It is gone at once, before the first of its files is.

    Raises:
        OSError: the file system refused.
    """
    if os.path.lexists(output):
        os.rename(output, _beside(output, _STAGED, secrets.token_hex(6)))
    for path in leftovers(output):
        shutil.rmtree(path)


def _beside(output: Path, what: str, mark: str) -> Path:
    return output.with_name(f".{output.name}.{what}-{mark}")


def _restore(output: Path) -> None:
    """Put an output back that a run had renamed, but not yet replaced, when it was killed."""
    if not os.path.lexists(output):
        for path in leftovers(output):
            if path.name.startswith(f".{output.name}.{_REPLACED}-") and is_output(path):
                os.rename(path, output)
                return
