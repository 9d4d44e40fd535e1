"""The release records of an environment, read from and written to its cluster."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.delivery.kubernetes.manifests import Manifest
from blissful_infra.delivery.release import (
    LABEL,
    Release,
    ReleaseRecordError,
    manifests_kept,
    record_name,
    record_of,
    release_in,
    release_text,
    surplus,
)


class Records:
    """The history of one project in one namespace."""

    def __init__(self, cluster: Cluster, project: str) -> None:
        self._cluster = cluster
        self._project = project
        self._folder = f"/api/v1/namespaces/{cluster.namespace}/configmaps"

    def all(self) -> tuple[Release, ...]:
        """Every release that can be read, the newest first."""
        found = []
        for record in self._cluster.items(self._folder, labelSelector=f"{LABEL}={self._project}"):
            try:
                found.append(release_in(record))
            except ReleaseRecordError:
                continue  # a newer version's, or somebody's own: it is left alone
        return tuple(sorted(found, key=lambda each: -each.number))

    def manifests(self, number: int) -> tuple[Manifest, ...]:
        """The manifests of a release. Raises ReleaseRecordError."""
        record = self._cluster.get(f"{self._folder}/{record_name(self._project, number)}")
        if record is None:
            raise ReleaseRecordError(f"there is no release {number}", hint="`blissful-infra releases` lists them")
        return manifests_kept(record)

    def begin(self, release: Release, manifests: Sequence[Manifest]) -> None:
        """Write a new release's record, before anything of it is applied."""
        record: Any = record_of(release, manifests, project=self._project, namespace=self._cluster.namespace)
        if self._cluster.create(self._folder, record) is None:
            raise ReleaseRecordError(f"release {release.number} exists already", hint="run this again")

    def note(self, number: int, commit: str) -> None:
        """Write which commit a release is."""
        path = f"{self._folder}/{record_name(self._project, number)}"
        if found := self._cluster.get(path):
            self._cluster.merge(
                path, {"data": {"release.json": release_text(replace(release_in(found), commit=commit))}}
            )

    def commit_of(self, number: int) -> str | None:
        """The commit that was noted of a release."""
        found = self._cluster.get(f"{self._folder}/{record_name(self._project, number)}")
        return None if found is None else release_in(found).commit

    def settle(self, release: Release) -> None:
        """Write how a release ended, and remove the oldest records."""
        path = f"{self._folder}/{record_name(self._project, release.number)}"
        self._cluster.merge(path, {"data": {"release.json": release_text(release)}})
        for number in surplus(self.all()):
            self._cluster.delete(f"{self._folder}/{record_name(self._project, number)}")
