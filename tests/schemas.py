"""Holds real outputs against the versioned schemas in `schemas/`."""

import json
from pathlib import Path

from jsonschema import Draft7Validator

SCHEMAS = Path(__file__).parent.parent / "schemas"


def check_against_schema(name: str, document: object) -> None:
    """Fail when the document is not one of `schemas/<name>.json`."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    problems = [
        f"{'/'.join(map(str, error.path))}: {error.message}" for error in Draft7Validator(schema).iter_errors(document)
    ]
    assert problems == []
