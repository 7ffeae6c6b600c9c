"""Make an output appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from types import TracebackType

import msgspec

from pipeline.errors import UserError
from pipeline.outputs import FOLDERS, MANIFEST, RUN, STAGING, Manifest


class Unpublished:
    """A folder beside the output, filled by the run and then renamed.

    As a context manager it removes what was not published.

    Args:
        output: where the output is to appear.
        overwrite: whether an existing output is replaced.

    Raises:
        UserError: the output exists, or its folder cannot be written.
    """

    def __init__(self, output: Path, *, overwrite: bool) -> None:
        self._output = Path(os.path.abspath(output))
        self._overwrite = overwrite
        self._check()
        mark = secrets.token_hex(6)
        self.folder = self._output.with_name(f".{self._output.name}.partial-{mark}")
        self._old = self._output.with_name(f".{self._output.name}.replaced-{mark}")
        try:
            self.folder.mkdir(parents=True)
        except OSError as error:
            raise UserError(
                f"cannot write beside {output}: {error.strerror}; choose another --output"
            ) from error

    def _check(self) -> None:
        if not self._output.name or os.path.ismount(self._output):
            raise UserError(f"{self._output} cannot be an output folder: name a folder below it")
        if os.path.lexists(self._output):
            if not self._overwrite:
                raise UserError(
                    f"the output {self._output} exists: choose another, or add --overwrite"
                )
            if not _is_output(self._output):
                raise UserError(
                    f"{self._output} was not written by copydesk, so --overwrite leaves it alone: "
                    "choose another output"
                )

    def __enter__(self) -> Unpublished:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove what was not published."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def publish(self) -> None:
        """Rename the folder to the output; an existing one is removed only after that.

        Raises:
            UserError: another run published the same output in the meantime.
        OSError: the file system refused; an existing output is where it was.
        """
        shutil.rmtree(self.folder / STAGING)
        self._check()
        replaced = os.path.lexists(self._output)
        if replaced:
            os.rename(self._output, self._old)
        try:
            os.rename(self.folder, self._output)
        except OSError:
            if replaced:
                os.rename(self._old, self._output)
            raise
        shutil.rmtree(self._old, ignore_errors=True)


def _is_output(folder: Path) -> bool:
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
    return bool(manifest.copydesk) and names <= {*FOLDERS, MANIFEST, RUN}
