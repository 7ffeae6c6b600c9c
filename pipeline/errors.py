"""Errors that a user can act on, and the exit codes that a scheduler reads."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """What the process tells its caller."""

    DONE = 0
    FAILED = 1
    """The run failed, or every record was rejected."""
    USAGE = 2
    """Wrong usage, missing input, existing output."""
    LIMIT = 3
    """More was removed than may be, and nothing was published; or more was rejected, or a record
    was stopped for what it took of the machine, and it was."""


class UserError(Exception):
    """Something the user can put right; the message says what and how."""


class MissingInput(UserError):
    """An input that names nothing."""


class RunError(Exception):
    """The run failed; the message says where."""


class Interrupted(RunError):
    """The run ended half-way; what it finished waits for the next one with the same words."""
