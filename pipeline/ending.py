"""How a run ends: errors as exit codes, and the last words to its log and its metrics."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click
import msgspec

from pipeline.errors import ExitCode, RunError, UserError
from pipeline.logs import complain, event, say_error
from pipeline.metrics import Ended, write_metrics
from pipeline.stopping import SIGNALLED
from pipeline.terminal import one_line

if TYPE_CHECKING:  # Beam takes more than a second to import
    from pipeline.run import Outcome


@contextmanager
def errors_as_codes() -> Iterator[None]:
    """Turn errors that a user can act on into one line and the right exit code.

    What click says of wrong arguments is made fit for a terminal: a shell puts file names there.
    """
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # says nothing but our help
    except click.ClickException as error:
        # It is final to those who look at it: the error is ours from here on.
        vars(error)["message"] = one_line(error.message)
        raise
    except UserError as error:
        complain(str(error))
        sys.exit(ExitCode.USAGE)
    except RunError as error:
        complain(str(error))
        sys.exit(ExitCode.FAILED)
    except KeyboardInterrupt:
        sys.exit(SIGNALLED + signal.SIGINT)


class Ending:
    """As a context manager it tells, whatever a run ends with, how it ended.

    Args:
        metrics: a file for Prometheus, in a folder that is there.
    """

    def __init__(self, metrics: Path | None) -> None:
        self._metrics = metrics
        self._begin = time.monotonic()
        self.outcome: Outcome | None = None
        """What came of the run, once that is known."""
        self.bar = False
        """Whether a bar shows its progress."""

    def __enter__(self) -> Ending:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tell(_code_of(error))

    def stopped(self, message: str, code: int) -> None:
        """Tell that a signal ends the run."""
        if self.bar:
            say_error("")  # behind it
        complain(message)
        self._tell(code)

    def _tell(self, code: int) -> None:
        seconds = round(time.monotonic() - self._begin, 3)
        outcome = self.outcome
        fields: dict[str, Any] = {"exit_code": code, "seconds": seconds}
        if outcome is not None:
            fields["published"] = outcome.published
            fields["counts"] = msgspec.to_builtins(outcome.manifest.counts)
        event("ended", f"ended with exit code {code} after {seconds:.1f} s", **fields)
        if self._metrics is None:
            return
        ended = Ended(code, seconds, outcome and outcome.manifest, outcome and outcome.record)
        try:
            write_metrics(self._metrics, ended)
        except OSError as error:
            complain(f"the metrics could not be written to {self._metrics}: {error.strerror}")


def _code_of(error: BaseException | None) -> int:
    if error is None:
        return ExitCode.DONE
    if isinstance(error, SystemExit) and isinstance(error.code, int):
        return error.code
    return error.exit_code if isinstance(error, click.ClickException) else ExitCode.FAILED
