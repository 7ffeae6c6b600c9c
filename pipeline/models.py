"""The models that come with copydesk, checked before anything is read."""

from __future__ import annotations

from pipeline.errors import RunError


def check_models() -> None:
    """A damaged model is no fault of the records: say so before anything is read.

    Raises:
        RunError: a model cannot be used.
    """
    # Imported here: help and settings need not wait for Numpy and the tables of patterns.
    from transforms.classifier import load_classifier
    from transforms.restatement_model import load_scorer
    from transforms.sealed import ModelError

    try:
        load_classifier()
        load_scorer()
    except ModelError as error:
        raise RunError(str(error)) from error
