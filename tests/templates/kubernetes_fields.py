"""Which fields a Kubernetes object may have, by the official client's own models: an unknown one is found offline."""

import re
from collections.abc import Iterator
from typing import Any

from kubernetes.client import models

API_VERSIONS = {
    "v1": "V1",
    "apps/v1": "V1",
    "batch/v1": "V1",
    "policy/v1": "V1",
    "networking.k8s.io/v1": "V1",
    "autoscaling/v2": "V2",
}


def unknown_fields(document: dict[str, Any]) -> list[str]:
    """Each path of the object that its kind does not have, or whose value has another shape."""
    prefix = API_VERSIONS[document["apiVersion"]]
    return list(_unknown(document, f"{prefix}{document['kind']}", document["kind"]))


def _unknown(value: Any, kind: str, path: str) -> Iterator[str]:
    if listed := re.fullmatch(r"list\[(.+)\]", kind):
        if not isinstance(value, list):
            yield f"{path}: not a list"
            return
        for index, item in enumerate(value):
            yield from _unknown(item, listed[1], f"{path}[{index}]")
    elif mapped := re.fullmatch(r"dict\(str, (.+)\)", kind):
        for key, item in value.items():
            yield from _unknown(item, mapped[1], f"{path}.{key}")
    elif hasattr(models, kind):
        yield from _unknown_of_model(value, getattr(models, kind), path)
    elif kind in {"str", "int", "bool"} and type(value).__name__ != kind:
        yield f"{path}: {value!r} is not of type {kind}"


def _unknown_of_model(value: Any, model: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: not a mapping"
        return
    attributes = {field: attribute for attribute, field in model.attribute_map.items()}
    for key, item in value.items():
        if key not in attributes:
            yield f"{path}.{key}"
        else:
            yield from _unknown(item, model.openapi_types[attributes[key]], f"{path}.{key}")
