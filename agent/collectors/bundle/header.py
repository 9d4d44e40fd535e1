"""bundle.yaml: the question, the periods and the topology; checked, because somebody else wrote it."""

from datetime import UTC, datetime
from typing import Any

import yaml

from agent.collectors.bundle.errors import BundleError
from agent.domain.investigation import Investigation, Period

VERSION = 1
MAX_OCTETS = 4 * 1024 * 1024
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
"""A time outside is no time of an incident; sums with it would leave the calendar."""


class _NoAliases(yaml.SafeLoader):
    """A safe loader without aliases: they let a kilobyte unfold into gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed here")
        return super().compose_node(parent, index)


def _text_of_scalar(loader: _NoAliases, node: yaml.ScalarNode) -> str:
    """Text without lone surrogates, which an escape can write and no output can."""
    return str(loader.construct_scalar(node)).encode("utf-8", "replace").decode()


_NoAliases.add_constructor("tag:yaml.org,2002:str", _text_of_scalar)


def parse_yaml(text: str) -> Any:
    """Plain data from YAML; no tags, no aliases. Raises `yaml.YAMLError`, `RecursionError` and `ValueError`."""
    return yaml.load(text, Loader=_NoAliases)  # noqa: S506 - the loader above is a SafeLoader


def header_of(text: str) -> Investigation:
    """An investigation that knows its question only. Raises `BundleError` saying which key is wrong."""
    if len(text) > MAX_OCTETS:
        raise BundleError(f"bundle.yaml is larger than {MAX_OCTETS} bytes")
    try:
        data = parse_yaml(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BundleError(f"bundle.yaml is not valid YAML: {error}") from error
    if not isinstance(data, dict):
        raise BundleError("bundle.yaml holds no mapping", hint="see docs/evidence-bundle.md")
    if data.get("version") != VERSION:
        raise BundleError(f"bundle.yaml has version {data.get('version')!r}; this tool reads version {VERSION}")
    topology = _mapping(data, "topology")
    return Investigation(
        title=_text(data, "title"),
        alert=_text(data, "alert"),
        alert_at=_moment(data.get("alert_at"), "alert_at"),
        asks=_names(data.get("asks"), "asks"),
        window=_period(_mapping(data, "window"), "window"),
        baseline=_period(_mapping(data, "baseline"), "baseline"),
        edges=_edges(topology.get("edges")),
        subjects=_names(data.get("subjects"), "subjects"),
        gaps=_names(data.get("gaps"), "gaps"),
    )


def text_of_header(question: Investigation) -> str:
    """bundle.yaml for a question; `header_of` gives back the same."""
    data: dict[str, Any] = {
        "version": VERSION,
        "title": question.title,
        "alert": question.alert,
        "alert_at": _stamp(question.alert_at),
        "asks": list(question.asks),
        "window": _stamps(question.window),
        "baseline": _stamps(question.baseline),
        "topology": {"edges": [list(edge) for edge in question.edges]} if question.edges else None,
        "subjects": list(question.subjects),
        "gaps": list(question.gaps),
    }
    kept = {key: value for key, value in data.items() if value or key in ("version", "title", "alert")}
    return yaml.safe_dump(kept, sort_keys=False, width=120)


def _stamps(period: Period) -> dict[str, str]:
    moments = {"start": period.start, "end": period.end, "onset": period.onset}
    return {name: stamp for name, moment in moments.items() if (stamp := _stamp(moment))}


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def moment_of(value: object) -> datetime | None:
    """An aware datetime from ISO 8601 text, a YAML timestamp or unix seconds; `None` for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    if not isinstance(value, datetime):
        return None
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        return None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _moment(value: object, key: str) -> datetime | None:
    moment = moment_of(value)
    if value is not None and moment is None:
        raise BundleError(f"bundle.yaml: {key} is no ISO 8601 time: {value!r}")
    return moment


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise BundleError(f"bundle.yaml: {key} is missing or no text")
    return value.strip()


def _mapping(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key) or {}
    if not isinstance(value, dict):
        raise BundleError(f"bundle.yaml: {key} is no mapping")
    return value


def _period(data: dict[str, Any], key: str) -> Period:
    start, end, onset = (_moment(data.get(name), f"{key}.{name}") for name in ("start", "end", "onset"))
    if start and end and start > end:
        raise BundleError(f"bundle.yaml: {key} ends before it starts")
    return Period(start, end, onset)


def _names(value: object, key: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str | int | float) for each in value):
        raise BundleError(f"bundle.yaml: {key} is no list of names")
    return tuple(dict.fromkeys(str(each) for each in value))


def _edges(value: object) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(edge, list) and len(edge) == 2 for edge in value):
        raise BundleError("bundle.yaml: topology.edges is no list of [caller, callee] pairs")
    return tuple(dict.fromkeys((str(caller), str(callee)) for caller, callee in value))
