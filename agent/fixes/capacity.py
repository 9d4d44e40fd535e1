"""More of what ran out: connections of a pool, replicas, or the most an autoscaler may start."""

import re
from collections.abc import Iterable, Iterator

from yaml.nodes import MappingNode, Node

from agent.domain.claim import Claim
from agent.domain.fix import Fix, Risk
from agent.fixes.containers import manifests_of, name_of, workloads_of
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.telling import subject_name
from agent.fixes.yaml_nodes import Edit, child, inserting, items, replacing, scalar

_HIKARI = ("spring", "datasource", "hikari")
_HIKARI_DEFAULT = 10
_POOL_ARGUMENT = re.compile(r"\b(?P<name>pool_size|max_pool_size|maxconn|max_connections)\s*=\s*(?P<count>\d{1,4})\b")
_POOL_PROPERTY = re.compile(r"(?m)^spring\.datasource\.hikari\.maximum-pool-size\s*=\s*(?P<count>\d{1,4})\s*$")
MOST = 200
"""Neither connections nor replicas are doubled beyond it: that many are no mistake of the settings."""


def raise_capacity(cause: Claim, project: Project) -> Iterator[Fix]:
    """Twice the pool for callers that wait for connections; more replicas for work that piles up."""
    if cause.category == "connection-pool-exhausted":
        fix = _pool(project)
    elif cause.category in {"cpu-saturation", "load-change", "backlog", "slow-consumer"}:
        fix = _replicas(cause, project)
    elif cause.category == "autoscaler" and "maximum" in f"{cause.cause} {cause.rule}":
        fix = _autoscaler(cause, project)
    else:
        return
    if fix:
        yield fix


def _pool(project: Project) -> Fix | None:
    draft, told = Draft(project), []
    for path, documents in project.yaml.items():
        for document in documents if re.search(r"(?:^|/)application[\w-]*\.ya?ml$", path) else ():
            pool = child(document, *_HIKARI)
            node = child(pool, "maximum-pool-size")
            more = _twice(scalar(node) or str(_HIKARI_DEFAULT))
            if not isinstance(pool, MappingNode) or more is None:
                continue
            text = project.texts[path]
            edit: Edit | None = (
                replacing(text, node, more)
                if node is not None
                else inserting(text, pool, "maximum-pool-size", more, scalars=(more,))
            )
            if draft.edit(path, edit):
                told.append(f"maximum-pool-size {more}, was {scalar(node) or _HIKARI_DEFAULT} ({path})")
    for path, text in project.texts.items():
        shape = _POOL_ARGUMENT if path.endswith(".py") else _POOL_PROPERTY if path.endswith(".properties") else None
        found = shape.search(text) if shape and "test" not in path else None
        more = _twice(found["count"]) if found else None
        if found and more:
            draft.write(path, text[: found.start("count")] + more + text[found.end("count") :])
            told.append(f"{found.groupdict().get('name') or 'maximum-pool-size'} {more}, was {found['count']} ({path})")
    return draft.fix(
        "raise-pool-size",
        f"Enlarge the connection pool: {'; '.join(told)}",
        "Callers waited for a connection in vain. If connections leak, this only delays it; mind the database's limit.",
        risk=Risk.MEDIUM,
    )


def _replicas(cause: Claim, project: Project) -> Fix | None:
    return _more(
        _replica_counts(subject_name(cause), project),
        project,
        "add-replicas",
        f"Run more replicas of {cause.subject}",
        "Work came faster than the replicas there are can do it.",
    )


def _replica_counts(name: str, project: Project) -> Iterator[tuple[str, Node | None]]:
    """Of the workload itself, and of Kustomize's `replicas`."""
    for path, workload, _ in workloads_of(project):
        if name_of(workload).lower() == name:
            yield path, child(workload, "spec", "replicas")
    for path, documents in project.yaml.items():
        for one in (one for document in documents for one in items(child(document, "replicas"))):
            if scalar(child(one, "name")).lower() == name:
                yield path, child(one, "count")


def _autoscaler(cause: Claim, project: Project) -> Fix | None:
    most = (
        (path, child(scaler, "spec", "maxReplicas"))
        for path, scaler, kind in manifests_of(project)
        if kind == "HorizontalPodAutoscaler" and name_of(scaler).lower() == subject_name(cause)
    )
    return _more(
        most,
        project,
        "raise-max-replicas",
        f"Let the autoscaler of {cause.subject} start more replicas",
        "It wants more replicas than it may start.",
    )


def _more(counts: Iterable[tuple[str, Node | None]], project: Project, id_: str, title: str, why: str) -> Fix | None:
    """Each of the counts doubled."""
    draft, told = Draft(project), ""
    for path, node in counts:
        more = _twice(scalar(node))
        if node is not None and more is not None and draft.edit(path, replacing(project.texts[path], node, more)):
            told = f"{more}, was {scalar(node)}"
    return draft.fix(id_, f"{title}: {told}", why, risk=Risk.MEDIUM)


def _twice(count: str) -> str | None:
    return str(2 * int(count)) if re.fullmatch(r"\d{1,4}", count) and 0 < int(count) <= MOST // 2 else None
