"""Deletes the previews that nobody uses any more. Several runs at once do no harm: the cluster decides."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from agent.errors import BlissfulError
from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.delivery.previews.preview import LAST_USED, REQUESTS, Preview, stamp
from blissful_infra.delivery.previews.previews import Previews
from blissful_infra.delivery.previews.request_count import counts_in, counts_text, requests_in, used_since
from blissful_infra.errors import RunFailedError
from blissful_infra.settings.model import ProjectConfig

AT_ONCE = 8


class ReapIncompleteError(RunFailedError):
    """Some previews could not be looked at or deleted; the others were."""

    code = "reap-incomplete"


class Fate(StrEnum):
    """What became of a preview; `due` is what a dry run would delete."""

    REAPED = "reaped"
    DUE = "due"
    USED = "used"
    LIVES = "lives"
    KEPT = "kept"
    ENDING = "ending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reaped:
    """One preview, and what a run of the reaper did with it, and why."""

    name: str
    namespace: str
    fate: Fate
    detail: str
    ttl_left_s: float


def reap(config: ProjectConfig, *, dry_run: bool) -> tuple[Reaped, ...]:
    """Look at every preview, and delete those whose time is over."""
    previews = Previews(config)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(lambda each: _reap_one(previews, each, dry_run=dry_run), previews.all()))


def complain(reaped: tuple[Reaped, ...]) -> None:
    """Raise ReapIncompleteError where a preview failed."""
    if failed := [each for each in reaped if each.fate is Fate.FAILED]:
        raise ReapIncompleteError(
            f"{len(failed)} of {len(reaped)} previews could not be reaped",
            hint="the others were; run this again when what is named is mended",
            context={each.name: each.detail for each in failed},
        )


def _reap_one(previews: Previews, preview: Preview, *, dry_run: bool) -> Reaped:
    try:
        fate, detail, left = _judged(previews, preview, dry_run=dry_run)
    except BlissfulError as error:
        fate, detail, left = Fate.FAILED, error.message, preview.left_s(time.time())
    return Reaped(preview.name, preview.namespace, fate, detail, round(left, 1))


def _judged(previews: Previews, preview: Preview, *, dry_run: bool) -> tuple[Fate, str, float]:
    now = time.time()
    left = preview.left_s(now)
    if preview.ending:
        return Fate.ENDING, "it is being deleted", left
    if preview.keep:
        return Fate.KEPT, "its label keep is true", left
    before = counts_in(preview.requests)
    counts = request_counts(previews.cluster.within(preview.namespace), previews.config.name)
    noted = {REQUESTS: counts_text(counts)} if counts and counts != before else {}
    if used_since(before, counts):
        if not dry_run:
            previews.note(preview, {LAST_USED: stamp(now), **noted})
        return Fate.USED, f"it answered requests: {sum(counts.values())} in all", preview.ttl_s
    if not preview.due(now):
        if noted and not dry_run:
            previews.note(preview, noted)
        return Fate.LIVES, "it was used lately", left
    if dry_run:
        return Fate.DUE, "nobody used it for longer than its time to live", left
    if previews.delete(preview, unchanged=True):
        return Fate.REAPED, "nobody used it for longer than its time to live", left
    after = previews.get(preview.name)
    if after is None or after.uid != preview.uid or after.ending:
        return Fate.ENDING, "somebody else deleted it just now", left
    return Fate.LIVES, "it changed just now; the next run looks again", after.left_s(now)


def request_counts(cluster: Cluster, project: str) -> dict[str, int]:
    """The requests that each pod counts; pods that do not tell are left out."""
    pods = cluster.items(
        f"/api/v1/namespaces/{cluster.namespace}/pods", labelSelector=f"app.kubernetes.io/name={project}"
    )
    counts = {}
    for pod in pods:
        if (pod.get("status") or {}).get("phase") != "Running":
            continue
        name = pod["metadata"]["name"]
        try:
            text = cluster.text(f"/api/v1/namespaces/{cluster.namespace}/pods/{name}/proxy/metrics")
        except BlissfulError:
            continue
        if (count := requests_in(text)) is not None:
            counts[str(name)] = count
    return counts
