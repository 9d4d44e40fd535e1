"""Installs Argo CD's own release manifests into a cluster: by URL and checksum, and nothing that differs from it."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.delivery.kubernetes.manifests import Manifest, manifests_in, of_kind, title_of
from blissful_infra.delivery.watching import Watch
from blissful_infra.errors import ConfigurationError, MissingToolError, UsageError
from blissful_infra.settings.model import Environment

RELEASES: Mapping[str, str] = {"3.2.11": "6cdd269e07f27b50f9e481cc7e685443b26b79372001ff7868ff1543610417bd"}
"""Version -> SHA-256 of its `manifests/install.yaml`."""
NEWEST = "3.2.11"
URL = "https://raw.githubusercontent.com/argoproj/argo-cd/v{version}/manifests/install.yaml"
NAMESPACE = "argocd"
"""The release's own cluster roles are bound to accounts of this namespace."""
LARGEST = 20_000_000
WITHIN_S = 60.0
CLUSTER_WIDE = frozenset({"ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Namespace"})
FIRST = ("Namespace", "CustomResourceDefinition", "ServiceAccount", "Role", "ClusterRole")

Tell = Callable[[str], None]


class UnknownVersionError(UsageError):
    """The checksum of this version is not known here."""

    code = "unknown-version"


class WrongChecksumError(ConfigurationError):
    """The manifests are not those of the release."""

    code = "wrong-checksum"


class DownloadError(MissingToolError):
    """The manifests cannot be had."""

    code = "download-failed"


@dataclass(frozen=True, slots=True)
class Installation:
    """What would be installed where. `objects` counts kinds; it is empty while the manifests were not read."""

    version: str
    cluster: str
    server: str
    namespace: str
    url: str
    sha256: str
    objects: Mapping[str, int]
    changes: Mapping[str, int]


class Installer:
    """One release of Argo CD for one cluster; `file` is a copy of its manifests, where nothing can be downloaded."""

    def __init__(self, context: str, version: str, *, sha256: str | None = None, file: Path | None = None) -> None:
        known = RELEASES.get(version)
        if sha256 is None and known is None:
            raise UnknownVersionError(
                f"the checksum of Argo CD {version} is not known here (known: {', '.join(RELEASES)})",
                hint="give it with --sha256, as the release's page has it",
            )
        self.version = version
        self.sha256 = (sha256 or known or "").lower()
        self.source = str(file) if file is not None else URL.format(version=version)
        self.cluster = Cluster(Environment(cluster=context, namespace=NAMESPACE))
        self._file = file

    def fetched(self) -> bytes:
        """The release's manifests as they were published. Raises WrongChecksumError, DownloadError."""
        data = self._read() if self._file is not None else self._download()
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise WrongChecksumError(
                f"the manifests at {self.source} are not those of Argo CD {self.version}",
                hint="nothing was applied; see who changed them",
                context={"expected sha256": self.sha256, "found sha256": found},
            )
        return data

    def manifests(self, data: bytes | None = None) -> tuple[Manifest, ...]:
        """The release's objects, in the order they go in; of `data`, where that was fetched already."""
        data = self.fetched() if data is None else data
        space: Manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
        placed = [space, *map(_placed, manifests_in(data.decode()))]
        order = {kind: at for at, kind in enumerate(FIRST)}
        return tuple(sorted(placed, key=lambda each: order.get(str(each["kind"]), len(order))))

    def foreseen(self, manifests: tuple[Manifest, ...] = ()) -> Installation:
        """What an installation would do; the cluster itself is asked about manifests that were read."""
        kinds = Counter(str(each["kind"]) for each in manifests)
        changes = Counter("change" if self.cluster.get(self.cluster.path_of(each)) else "create" for each in manifests)
        return Installation(
            self.version, self.cluster.context, self.cluster.server, NAMESPACE, self.source, self.sha256,
            dict(sorted(kinds.items())), dict(sorted(changes.items())),
        )  # fmt: skip

    def install(self, manifests: tuple[Manifest, ...], tell: Tell, *, timeout_s: float) -> None:
        """Apply the manifests server-side, and wait until every part of Argo CD is ready."""
        for each in manifests:
            self.cluster.apply(each)
        tell(f"applied {len(manifests)} objects")
        watch = Watch(self.cluster, timeout_s=timeout_s, beat=lambda: None)
        for deployment in of_kind(manifests, "Deployment"):
            tell(f"{title_of(deployment)}: {watch.deployment(deployment).detail}")
        for server in of_kind(manifests, "StatefulSet"):
            watch.stateful(server)
            tell(f"{title_of(server)}: ready")

    def _read(self) -> bytes:
        assert self._file is not None  # asked for by `manifests` alone
        try:
            with self._file.open("rb") as file:
                return file.read(LARGEST)
        except OSError as error:
            raise DownloadError(f"{self._file} cannot be read: {error.strerror}") from error

    def _download(self) -> bytes:
        data = b""
        try:
            with httpx.stream("GET", self.source, timeout=WITHIN_S, follow_redirects=True) as answer:
                answer.raise_for_status()
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > LARGEST:
                        raise DownloadError(f"{self.source} is larger than any release")
        except httpx.HTTPError as error:
            raise DownloadError(
                f"{self.source} cannot be downloaded: {error}",
                hint="where there is no way out, download it elsewhere and give it with --file",
            ) from error
        return data


def _placed(manifest: Manifest) -> Manifest:
    if manifest["kind"] in CLUSTER_WIDE:
        return manifest
    return {**manifest, "metadata": {**manifest["metadata"], "namespace": NAMESPACE}}
