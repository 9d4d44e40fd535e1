"""The previews of a project in its cluster: found by their labels, opened, marked as used, deleted."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from blissful_infra.delivery.kubernetes.cluster import Cluster, ForbiddenError
from blissful_infra.delivery.previews.preview import (
    KIND,
    LAST_USED,
    PROJECT,
    TTL,
    Preview,
    Subject,
    annotations_of,
    labels_of,
    name_of,
    namespace_of,
    preview_environment,
    preview_in,
    stamp,
)
from blissful_infra.errors import ConfigurationError, RunFailedError
from blissful_infra.settings.consistency import PREVIEW_PREFIX
from blissful_infra.settings.model import Environment, ProjectConfig
from blissful_infra.settings.model import Previews as Settings

FOLDER = "/api/v1/namespaces"
LOOK_EVERY_S = 0.5


class NoPreviewsError(ConfigurationError):
    """The project's settings have no place for previews."""

    code = "no-previews"


class ForeignNamespaceError(RunFailedError):
    """The namespace is there, but it is no preview of this project, or one of another branch."""

    code = "foreign-namespace"


class TooManyPreviewsError(RunFailedError):
    """There are as many previews as the settings allow."""

    code = "too-many-previews"


class PreviewStaysError(RunFailedError):
    """A preview's namespace was deleted, and is not gone in time."""

    code = "preview-stays"


class NoSuchPreviewError(ConfigurationError):
    """The project has no preview of this name, branch or pull request."""

    code = "no-such-preview"


def settings_of(config: ProjectConfig) -> Settings:
    """The settings of the project's previews. Raises NoPreviewsError."""
    if config.previews is None:
        raise NoPreviewsError(
            "the project has no previews",
            hint="name their cluster in blissful-infra.yaml: `previews: { cluster: ... }`",
        )
    return config.previews


def note_use(config: ProjectConfig, environment: str) -> None:
    """Note that an environment was used, if it is a preview. Raises NoSuchPreviewError where it is one no more.

    An account that may only look notes nothing.
    """
    if preview_environment(config, environment) is None:
        return
    previews, name = Previews(config), environment.removeprefix(PREVIEW_PREFIX)
    preview = previews.get(name)
    if preview is None or preview.ending:
        raise NoSuchPreviewError(f"there is no preview {name}", hint="`blissful-infra env create` makes one")
    with suppress(ForbiddenError):
        previews.note(preview, {LAST_USED: stamp(time.time())})


class Previews:
    """Every preview of one project. Only namespaces that bear its labels are ever changed or deleted."""

    def __init__(self, config: ProjectConfig) -> None:
        self.settings = settings_of(config)
        self.config = config
        self.cluster = Cluster(Environment(cluster=self.settings.cluster, namespace="default"))

    def all(self) -> tuple[Preview, ...]:
        """All of them, those that are just being deleted too; one request."""
        wanted = f"{KIND}=preview,{PROJECT}={self.config.name}"
        found = (preview_in(each, self.config) for each in self.cluster.items(FOLDER, labelSelector=wanted))
        return tuple(sorted((each for each in found if each), key=lambda each: each.name))

    def get(self, name: str) -> Preview | None:
        """One by its name, or None. Raises ForeignNamespaceError for a namespace that is not this project's."""
        found = self.cluster.get(self._path(name))
        return None if found is None else self._ours(found)

    def open(
        self,
        subject: Subject,
        *,
        owner: str,
        ttl: str | None,
        now: float,
        timeout_s: float,
        change: bool = True,
        beat: Callable[[], None] = lambda: None,
    ) -> Preview | None:
        """The subject's namespace, made where there is none; its use is noted. None where `change` forbids to make it.

        One that is just being deleted is waited for. Raises ForeignNamespaceError, TooManyPreviewsError.
        """
        name = name_of(self.config.name, subject)
        until = time.monotonic() + timeout_s
        while True:
            found = self.cluster.get(self._path(name))
            preview = None if found is None else self._ours(found, subject)
            if preview is None:
                self._leave_room()
                if not change:
                    return None
                if made := self.cluster.create(FOLDER, self._body(name, subject, owner, ttl, now)):
                    return self._ours(made, subject)
            elif not preview.ending:
                return self.note(preview, {LAST_USED: stamp(now)} | ({TTL: ttl} if ttl else {})) if change else preview
            elif not change:
                return None
            else:
                self._patience(preview.namespace, until, beat)

    def note(self, preview: Preview, notes: dict[str, str]) -> Preview:
        """Change annotations of a preview; the preview as it is then."""
        found = self.cluster.merge(self._path(preview.name), {"metadata": {"annotations": notes}})
        return preview if found is None else self._ours(found)

    def delete(self, preview: Preview, *, unchanged: bool = False) -> bool:
        """Begin to delete a preview; False where it is gone already, or, with `unchanged`, changed meanwhile."""
        still = {"uid": preview.uid} | ({"resourceVersion": preview.version} if unchanged else {})
        return self.cluster.delete(self._path(preview.name), **still)

    def wait_until_gone(self, preview: Preview, timeout_s: float, beat: Callable[[], None] = lambda: None) -> None:
        """Wait until the preview's namespace and all in it is gone. Raises PreviewStaysError."""
        until = time.monotonic() + timeout_s
        while (found := self.cluster.get(self._path(preview.name))) and found["metadata"].get("uid") == preview.uid:
            self._patience(preview.namespace, until, beat)

    def _patience(self, namespace: str, until: float, beat: Callable[[], None]) -> None:
        if time.monotonic() >= until:
            look = f"kubectl --context {self.settings.cluster} get namespace {namespace} -o yaml"
            raise PreviewStaysError(
                f"{namespace} is being deleted, and not gone yet", hint=f"`{look}` says what holds it"
            )
        beat()
        time.sleep(LOOK_EVERY_S)

    def _leave_room(self) -> None:
        there = [each for each in self.all() if not each.ending]
        if len(there) >= self.settings.max:
            raise TooManyPreviewsError(
                f"there are {len(there)} previews already, and `previews.max` is {self.settings.max}",
                hint="`blissful-infra env reap` deletes those that nobody uses, `env delete` one",
            )

    def _ours(self, namespace: dict[str, Any], subject: Subject | None = None) -> Preview:
        preview = preview_in(namespace, self.config)
        name = namespace["metadata"]["name"]
        if preview is None:
            raise ForeignNamespaceError(
                f"the namespace {name} is no preview of {self.config.name}: it lacks the labels, and is left alone",
                hint=f"look at it: kubectl --context {self.settings.cluster} get namespace {name} -o yaml",
            )
        if subject is not None and preview.subject != subject:
            raise ForeignNamespaceError(f"the namespace {name} is the preview of {preview.subject}, not of {subject}")
        return preview

    def _body(self, name: str, subject: Subject, owner: str, ttl: str | None, now: float) -> dict[str, Any]:
        notes = annotations_of(subject, owner=owner, ttl=ttl or self.settings.ttl, now=now)
        named = {"name": namespace_of(self.config.name, name), "labels": labels_of(self.config.name)}
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {**named, "annotations": notes}}

    def _path(self, name: str) -> str:
        return f"{FOLDER}/{namespace_of(self.config.name, name)}"
