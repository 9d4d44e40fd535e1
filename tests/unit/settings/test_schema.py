"""The JSON Schema for editors says the same as the model."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from blissful_infra.settings.problems import InvalidSettingsError
from blissful_infra.settings.reading import load_project
from blissful_infra.settings.schema import project_schema
from tests.unit.settings.projects import GOOD


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_it_is_draft_07_through_and_through() -> None:
    schema = project_schema()
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in str(schema)
    assert "prefixItems" not in str(schema)


def test_the_documented_example_passes() -> None:
    assert list(Draft7Validator(project_schema()).iter_errors(loaded(GOOD))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("port: 8080", "port: 80800"),
        ("port: 8080", "prot: 8080"),
        ("runtime: auto", "runtime: dokcer"),
        ("redis: false", "redis: true"),
        ("redis: false", "redis: {}"),
        ('"18"', "18"),
        ("  staging:", "  Staging:"),
        ("run: java -jar target/app.jar", "run: []"),
        ("approve: true", "approve: 1"),
    ],
)
def test_schema_and_model_refuse_the_same(tmp_path: Path, before: str, after: str) -> None:
    text = GOOD.replace(before, after)
    assert list(Draft7Validator(project_schema()).iter_errors(loaded(text)))
    (tmp_path / "blissful-infra.yaml").write_text(text)
    with pytest.raises(InvalidSettingsError):
        load_project(tmp_path / "blissful-infra.yaml")


def test_every_key_is_described_for_editors() -> None:
    schema = project_schema()
    parts = [schema, *schema["definitions"].values()]
    bare = [key for part in parts for key, about in part.get("properties", {}).items() if not about.get("description")]
    assert bare == []
