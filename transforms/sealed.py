"""Sealed model files: MessagePack with a digest and a version, checked when they are loaded.

A model is data: numbers, names and byte arrays, nothing that can be executed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, TypeVar

import msgspec

MOST_BYTES: Final = 300_000


class ModelFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every model says of itself."""

    version: int
    trained_on: str


class SealedModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model file: a :class:`ModelFile` in MessagePack, and its digest."""

    sha256: str
    model: msgspec.Raw


class ModelError(ValueError):
    """The model file cannot be used."""


Model = TypeVar("Model", bound=ModelFile)


def seal(model: ModelFile) -> bytes:
    """The bytes of a model file."""
    raw = msgspec.msgpack.encode(model)
    digest = hashlib.sha256(raw).hexdigest()
    return msgspec.msgpack.encode(SealedModel(sha256=digest, model=msgspec.Raw(raw)))


def unseal(data: bytes, kind: type[Model], version: int) -> Model:
    """The model of a file's bytes.

    Args:
        data: the file.
        kind: what it must hold.
        version: the version that this program can use.

    Raises:
        ModelError: it is too large, damaged or of another version.
    """
    if len(data) > MOST_BYTES:
        raise ModelError(f"the model has more than {MOST_BYTES} bytes")
    try:
        sealed = msgspec.msgpack.decode(data, type=SealedModel)
        raw = bytes(sealed.model)
        if hashlib.sha256(raw).hexdigest() != sealed.sha256:
            raise ModelError("the model's digest is wrong: the file is damaged")
        model = msgspec.msgpack.decode(raw, type=kind)
    except msgspec.MsgspecError as error:
        raise ModelError(f"the model cannot be read: {error}") from error
    if model.version != version:
        raise ModelError(f"the model is of version {model.version}, this program's is {version}")
    return model


def load_model(path: Path, kind: type[Model], version: int) -> Model:
    """The model of a file that was installed with the program.

    Args:
        path: the file.
        kind: what it must hold.
        version: the version that this program can use.

    Raises:
        ModelError: the file is missing, too large, damaged or of another version.
    """
    try:
        with path.open("rb") as file:
            return unseal(file.read(MOST_BYTES + 1), kind, version)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the model {path} cannot be used: {error}; install copydesk anew"
        ) from error
