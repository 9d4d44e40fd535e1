"""Which layer wins: flags, variables, the project's file, the user's file, defaults."""

from pathlib import Path

import pytest

from blissful_infra.paths import user_config_file
from blissful_infra.settings.origins import Layer, variables
from blissful_infra.settings.problems import InvalidSettingsError
from blissful_infra.settings.reading import Settings, load_settings
from tests.unit.settings.projects import a_project

RUNTIME = ("runtime",)


def winner(settings: Settings) -> tuple[str, Layer, str]:
    origin = settings.layers.origin(RUNTIME)
    return settings.config.runtime, origin.layer, origin.where


def write_user_file(text: str) -> None:
    user_config_file().parent.mkdir(parents=True, exist_ok=True)
    user_config_file().write_text(text)


def test_each_layer_beats_the_next(tmp_path: Path) -> None:
    bare = a_project(tmp_path, ("runtime: auto\n", ""))
    assert winner(load_settings(bare, environ={})) == ("auto", Layer.DEFAULT, "")
    write_user_file("runtime: docker\n")
    assert winner(load_settings(bare, environ={})) == ("docker", Layer.USER, "config.yaml:1")
    project = a_project(tmp_path)
    assert winner(load_settings(project, environ={})) == ("auto", Layer.PROJECT, "blissful-infra.yaml:13")
    environ = {"BLISSFUL_RUNTIME": "docker"}
    assert winner(load_settings(project, environ=environ)) == ("docker", Layer.VARIABLE, "BLISSFUL_RUNTIME")
    flags = {"runtime": "process"}
    assert winner(load_settings(project, environ=environ, flags=flags)) == ("process", Layer.FLAG, "--runtime")


def test_a_layer_replaces_single_values_not_sections(tmp_path: Path) -> None:
    project = a_project(
        tmp_path, ('agent: { model: "llama3.1:8b", embedder: auto, knowledge: sqlite }', "agent: {embedder: lexical}")
    )
    write_user_file("agent: {model: from-user, embedder: ollama}\n")
    agent = load_settings(project, environ={"BLISSFUL_AGENT_KNOWLEDGE": "postgres"}).config.agent
    assert (agent.model, agent.embedder, agent.knowledge) == ("from-user", "lexical", "postgres")


def test_numbers_in_variables_are_numbers(tmp_path: Path) -> None:
    environ = {"BLISSFUL_SLO_P95_MS": "150", "BLISSFUL_STATE_MAX_AGE_DAYS": "7"}
    config = load_settings(a_project(tmp_path), environ=environ).config
    assert (config.slo.p95_ms, config.state.max_age_days) == (150, 7)


def test_a_bad_variable_is_named_as_the_place_to_mend(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingsError, match=r"^BLISSFUL_SLO_P95_MS: slo.p95_ms: should be a valid number"):
        load_settings(a_project(tmp_path), environ={"BLISSFUL_SLO_P95_MS": "fast"})


def test_an_empty_variable_is_no_setting(tmp_path: Path) -> None:
    assert load_settings(a_project(tmp_path), environ={"BLISSFUL_RUNTIME": ""}).config.runtime == "auto"


def test_the_users_file_may_not_describe_a_project(tmp_path: Path) -> None:
    write_user_file("services: {}\nruntme: docker\n")
    with pytest.raises(InvalidSettingsError) as caught:
        load_settings(a_project(tmp_path), environ={})
    assert [str(problem) for problem in caught.value.problems] == [
        "config.yaml:1: services: unknown key; a user's file may set agent, images, registry, runtime, slo, state",
        "config.yaml:2: runtme: unknown key; did you mean `runtime`?",
    ]


def test_a_bad_value_in_the_users_file_names_that_file(tmp_path: Path) -> None:
    write_user_file("images: {}\nregistry: {kind: moon}\n")
    with pytest.raises(InvalidSettingsError, match=r"config.yaml:2: registry.kind: should be one of"):
        load_settings(a_project(tmp_path, ("registry: { kind: local }\n", "")), environ={})


def test_a_scalar_of_one_layer_hides_a_section_of_a_weaker_one(tmp_path: Path) -> None:
    write_user_file("registry: {kind: ecr}\n")
    with pytest.raises(InvalidSettingsError, match=r"blissful-infra.yaml:15: registry: should be a mapping"):
        load_settings(a_project(tmp_path, ("registry: { kind: local }", "registry: local")), environ={})


def test_every_variable_leads_to_a_setting() -> None:
    assert variables()["BLISSFUL_RUNTIME"][0] == ("runtime",)
    assert variables()["BLISSFUL_AGENT_MODEL"] == (("agent", "model"), str)
    assert "BLISSFUL_SERVICES" not in variables()
