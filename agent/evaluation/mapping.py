"""The category map: our category ids to each set's own labels."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from agent.evaluation.errors import EvaluationError


def read_map(path: Path) -> Mapping[str, Mapping[str, str]]:
    """`{set: {our id: the set's label}}` from a YAML file of that shape. Raises `EvaluationError` for anything else."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise EvaluationError(f"the category map {path} cannot be read: {error}") from error
    if not isinstance(data, dict) or not all(isinstance(labels, dict) for labels in data.values()):
        raise EvaluationError(
            f"the category map {path} is no mapping of sets to mappings", hint="see docs/agent-eval.md"
        )
    return {str(name): {str(ours): str(label) for ours, label in labels.items()} for name, labels in data.items()}
