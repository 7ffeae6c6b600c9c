"""The engine: what Beam gets, and what is told apart on the command line."""

import copy

import pytest
from apache_beam.options.pipeline_options import StandardOptions, TypeOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipeline.engine import choose_engine, split_arguments
from pipeline.errors import UserError

OWN = ["--output", "--restatements", "--near-duplicates"]


def test_the_default_engine_is_local_and_pinned() -> None:
    engine = choose_engine([], None, 1000)
    assert engine.options.view_as(StandardOptions).runner == "DirectRunner"
    assert engine.options.view_as(TypeOptions).allow_unsafe_triggers
    assert (engine.name, engine.workers) == ("DirectRunner", 1)


def test_a_large_input_or_a_number_of_workers_gets_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.engine._cores", lambda: 4)
    large = choose_engine([], None, 1 << 30)
    assert large.workers == 4
    assert isinstance(large.runner, FnApiRunner)
    assert choose_engine([], 3, 10).workers == 3
    assert choose_engine(["--direct_num_workers=2"], None, 10).workers == 2
    assert choose_engine([], 1, 1 << 30).runner is None


def test_another_runner_gets_its_options_as_they_are() -> None:
    engine = choose_engine(
        ["--runner=PrismRunner", "--prism_location=/p", "--job_name=x"], None, 10
    )
    assert (engine.name, engine.runner, engine.workers) == ("PrismRunner", None, None)
    assert not engine.options.view_as(TypeOptions).allow_unsafe_triggers
    with pytest.raises(UserError, match="--workers"):
        choose_engine(["--runner=FlinkRunner"], 2, 10)


@pytest.mark.parametrize("flags", [[], ["--impersonate_service_account=me@example.org"]])
def test_what_is_set_in_a_view_of_copied_options_is_set_in_all(flags: list[str]) -> None:
    options = choose_engine(flags, 1, 10).options
    options.view_as(StandardOptions)
    copied = copy.deepcopy(options)  # as Beam's Pipeline does
    copied.view_as(StandardOptions).runner = "PrismRunner"
    assert copied.get_all_options()["runner"] == "PrismRunner"
    assert options.get_all_options()["runner"] == "DirectRunner"


def test_inputs_are_told_from_options_whose_values_stand_apart() -> None:
    words = ["a", "--runner", "PrismRunner", "b", "--job_name=a", "c"]
    inputs, beam = split_arguments(words, OWN)
    assert inputs == ["a", "b", "c"]
    assert beam == ["--runner", "PrismRunner", "--job_name=a"]


def test_an_unknown_option_offers_the_nearest_of_ours_or_beams() -> None:
    with pytest.raises(UserError, match="did you mean --restatements"):
        split_arguments(["a", "--restatement=mark"], OWN)
    with pytest.raises(UserError, match="did you mean --direct_num_workers"):
        split_arguments(["a", "--direct_num_worker=3"], OWN)


def test_another_runner_may_take_options_that_beam_does_not_know() -> None:
    inputs, beam = split_arguments(["a", "--runner=FlinkRunner", "--special=1"], OWN)
    assert (inputs, beam) == (["a"], ["--runner=FlinkRunner", "--special=1"])


@pytest.mark.parametrize("runner", ["PrismRunner", "FlinkRunner", "DaskRunner"])
def test_a_runner_that_would_download_itself_or_lose_data_is_refused(runner: str) -> None:
    with pytest.raises(UserError, match=r"would download|loses data"):
        choose_engine([f"--runner={runner}"], None, 10)


def test_an_input_that_equals_the_value_of_an_option_is_an_input() -> None:
    assert split_arguments(["a", "--job_name", "a"], OWN) == (["a"], ["--job_name", "a"])


@pytest.mark.parametrize("runner", ["FlunkRunner", "no.such.module.Runner", "pipeline.run.Runner"])
def test_a_runner_that_there_is_not_is_wrong_usage(runner: str) -> None:
    with pytest.raises(UserError, match=r"docs/engines\.md"):
        choose_engine([f"--runner={runner}"], None, 1)
