"""A release's record: who, what, when, from, to, verdict, and the manifests without secrets. Pure.

One ConfigMap each in the environment's namespace, so that the history is the cluster's and not one laptop's.
"""

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from blissful_infra.delivery.kubernetes.manifests import Manifest, without_secrets
from blissful_infra.errors import ConfigurationError

KEPT = 10
LABEL = "blissful-infra.dev/release-of"
NUMBER = "blissful-infra.dev/release"
MANIFESTS = "manifests.json.gz"
MAX_UNPACKED = 8_000_000


class Verdict(StrEnum):
    """How a release ended; `pending` is one that goes on, or whose run was killed."""

    PENDING = "pending"
    SERVED = "served"
    FAILED = "failed"
    ROLLED_BACK = "rolled-back"


class ReleaseRecordError(ConfigurationError):
    """A release's record cannot be read."""

    code = "invalid-release"


@dataclass(frozen=True, slots=True)
class Release:
    """One deploy or rollback of one environment. Times are seconds since 1970.

    `finding` is what the agent found when it failed, as `finding.Finding` has it. `forced_gates` were closed when
    somebody promoted it all the same.
    `commit` is the one that Argo CD took, where it delivers.
    """

    number: int
    image: str
    revision: str | None
    by: str
    at: float
    verdict: Verdict = Verdict.PENDING
    before: int | None = None
    restores: int | None = None
    seconds: float | None = None
    reason: str | None = None
    run_id: str | None = None
    migrations: Mapping[str, bool] | None = None
    finding: Mapping[str, Any] | None = None
    forced_gates: Sequence[str] = ()
    commit: str | None = None


def record_of(release: Release, manifests: Iterable[Manifest], *, project: str, namespace: str) -> Manifest:
    """The ConfigMap that keeps a release."""
    packed = json.dumps(without_secrets(manifests), sort_keys=True).encode()
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": record_name(project, release.number),
            "namespace": namespace,
            "labels": {LABEL: project, NUMBER: str(release.number), "app.kubernetes.io/managed-by": "blissful-infra"},
        },
        "data": {"release.json": release_text(release)},
        "binaryData": {MANIFESTS: base64.b64encode(gzip.compress(packed, mtime=0)).decode()},
    }


def release_text(release: Release) -> str:
    """The release as the record's JSON."""
    return json.dumps({"v": 1, **asdict(release)}, sort_keys=True)


def record_name(project: str, number: int) -> str:
    """The name of a release's ConfigMap."""
    return f"{project}-release-{number}"


def release_in(record: Manifest) -> Release:
    """The release that a ConfigMap keeps. Raises ReleaseRecordError."""
    try:
        facts: dict[str, Any] = json.loads(record["data"]["release.json"])
        known = {name: facts[name] for name in Release.__dataclass_fields__ if name in facts}
        forced = tuple(facts.get("forced_gates") or ())
        return replace(Release(**known), verdict=Verdict(facts["verdict"]), forced_gates=forced)
    except (KeyError, TypeError, ValueError) as error:
        name = (record.get("metadata") or {}).get("name")
        raise ReleaseRecordError(
            f"the record {name} cannot be read", hint=f"remove it: `kubectl delete configmap {name}`"
        ) from error


def manifests_kept(record: Manifest) -> tuple[Manifest, ...]:
    """The manifests that a ConfigMap keeps. Raises ReleaseRecordError."""
    try:
        unpacker = zlib.decompressobj(wbits=31)
        packed = base64.b64decode(record["binaryData"][MANIFESTS], validate=True)
        unpacked = unpacker.decompress(packed, MAX_UNPACKED)
        return tuple(json.loads(unpacked))
    except (KeyError, TypeError, ValueError, zlib.error, binascii.Error) as error:
        raise ReleaseRecordError("the record's manifests cannot be read") from error


def next_number(releases: Iterable[Release]) -> int:
    """The number of the next release."""
    return max((release.number for release in releases), default=0) + 1


def serving(releases: Iterable[Release]) -> Release | None:
    """The newest release that served."""
    return max(
        (each for each in releases if each.verdict is Verdict.SERVED), key=lambda each: each.number, default=None
    )


def restorable(releases: Iterable[Release]) -> Release | None:
    """What a rollback goes back to by itself: the newest release that served, before the one that serves now.

    A release that failed after the last good one left its pods half in place: then that last good one is restored.
    """
    newest_first = sorted(releases, key=lambda each: -each.number)
    served = [each for each in newest_first if each.verdict is Verdict.SERVED]
    if not served:
        return None
    if newest_first[0].verdict in {Verdict.FAILED, Verdict.PENDING}:
        return served[0]
    others = [each for each in served[1:] if each.image != served[0].image]
    return others[0] if others else None


def surplus(releases: Iterable[Release], keep: int = KEPT) -> tuple[int, ...]:
    """The numbers of the records to remove: the oldest beyond `keep`, never the one that serves."""
    found = sorted(releases, key=lambda each: -each.number)
    now = serving(found)
    return tuple(each.number for each in found[keep:] if each is not now)


def irreversible_between(now: Release, target: Release) -> tuple[str, ...]:
    """The migrations that `now` has, `target` has not, and that cannot be undone."""
    ran, known = now.migrations or {}, target.migrations or {}
    return tuple(sorted(name for name, reversible in ran.items() if name not in known and not reversible))
