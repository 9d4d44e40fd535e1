"""The environment's namespace: whether it is there, and whether it is left as it is.

An account that has rights within a namespace alone can neither make nor change it, and need not: an administrator did.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from blissful_infra.delivery.kubernetes.cluster import Cluster, ForbiddenError
from blissful_infra.delivery.kubernetes.diffing import Change, ObjectDiff
from blissful_infra.delivery.kubernetes.manifests import Manifest, name_of, title_of

KIND = "Namespace"


@dataclass(frozen=True, slots=True)
class Home:
    """`kept` says that the namespace is no part of what is applied."""

    exists: bool
    kept: bool = False
    notices: tuple[str, ...] = ()

    def applied(self, manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
        """What of the manifests is applied."""
        return tuple(each for each in manifests if not (self.kept and each["kind"] == KIND))

    def untouched(self, manifest: Manifest) -> ObjectDiff | None:
        """No difference, for a namespace that stays as it is."""
        return ObjectDiff(title_of(manifest), Change.SAME) if self.kept and manifest["kind"] == KIND else None


def home_of(cluster: Cluster, manifests: Iterable[Manifest]) -> Home:
    """The namespace as the account may see and change it."""
    wanted = next((each for each in manifests if each["kind"] == KIND), None)
    try:
        live = cluster.get(f"/api/v1/namespaces/{cluster.namespace}")
    except ForbiddenError:
        # What is in it was read already, so that it exists.
        return Home(exists=True, kept=True, notices=(f"the namespace {cluster.namespace} may not be looked at",))
    if live is None:
        how = "is made first" if wanted else "is not there"
        unseen = f"the namespace {cluster.namespace} {how}: until then the cluster cannot check what goes into it"
        return Home(exists=False, notices=(unseen,))
    if wanted is None:
        return Home(exists=True)
    try:
        cluster.apply(wanted, dry_run=True)
    except ForbiddenError:
        lacks = _lacking(live, wanted)
        notice = f"the namespace {name_of(wanted)} may not be changed, and lacks {', '.join(lacks)}"
        return Home(exists=True, kept=True, notices=(notice,) if lacks else ())
    return Home(exists=True)


def _lacking(live: Manifest, wanted: Manifest) -> list[str]:
    found = []
    for field in ("labels", "annotations"):
        has = live["metadata"].get(field) or {}
        asked = wanted["metadata"].get(field) or {}
        found += [f"{key}={value}" for key, value in asked.items() if has.get(key) != value]
    return found
