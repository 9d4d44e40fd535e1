"""The JSON Schema of `blissful-infra.yaml`, for editors: draft-07, the newest that the YAML language server reads."""

from typing import Any

from blissful_infra.settings.model import ProjectConfig

DRAFT = "http://json-schema.org/draft-07/schema#"


def project_schema() -> dict[str, Any]:
    """The schema as a mapping, `$schema` first."""
    schema = ProjectConfig.model_json_schema(ref_template="#/definitions/{model}")
    definitions = schema.pop("$defs")
    return {"$schema": DRAFT, **_draft_07(schema), "definitions": _draft_07(definitions)}


def _draft_07(part: Any) -> Any:
    """Without pydantic's titles and nulls (a key without a value is refused), and with `$ref` standing alone."""
    if isinstance(part, list):
        return [_draft_07(item) for item in part if item != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _draft_07(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    if len(kept.get("anyOf", ())) == 1:
        kept |= kept.pop("anyOf")[0]
    if "$ref" in kept and len(kept) > 1:  # draft-07 ignores what stands beside a $ref
        kept["allOf"] = [{"$ref": kept.pop("$ref")}]
    return kept
