"""notes/stack.yaml: how the services of a stack were when the evidence was gathered."""

from collections.abc import Mapping

import yaml

from agent.collectors.bundle.files import BundleFiles, Limits, text_of
from agent.collectors.bundle.header import moment_of, parse_yaml
from agent.domain.service_state import Health, ServiceState

PATH = "notes/stack.yaml"


def services_in(files: BundleFiles, gaps: list[str], limits: Limits) -> tuple[ServiceState, ...]:
    """Every well-formed entry, in the order written; the others are counted in `gaps`."""
    for file in files.below("notes", gaps, limits):
        if file.path.removesuffix(".gz") != PATH:
            continue
        try:
            data = parse_yaml(text_of(file, gaps, limits))
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            gaps.append(f"{file.path} is not valid YAML: {error}")
            return ()
        entries = data if isinstance(data, list) else []
        known = tuple(state for entry in entries if (state := _state(entry)) is not None)
        if len(known) < len(entries) or not isinstance(data, list | None):
            gaps.append(f"{file.path}: {len(entries) - len(known)} entries are no services")
        return known
    return ()


def _state(entry: object) -> ServiceState | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return None
    try:
        health = Health(str(entry.get("health")))
    except ValueError:
        return None
    needs, failing, restarts = entry.get("needs"), entry.get("failing"), entry.get("restarts")
    return ServiceState(
        name=entry["name"],
        health=health,
        title=str(entry.get("title") or ""),
        detail=str(entry.get("detail") or ""),
        needs=tuple(str(name) for name in needs) if isinstance(needs, list) else (),
        version=str(entry.get("version") or ""),
        revision=str(entry.get("revision") or ""),
        since=moment_of(entry.get("since")),
        restarts=restarts if isinstance(restarts, int) else 0,
        failing=tuple((str(name), str(why)) for name, why in failing.items()) if isinstance(failing, Mapping) else (),
    )
