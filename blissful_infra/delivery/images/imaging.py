"""The project's image, from its folder to its registry: what the commands `image build|push|list` do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from blissful_infra.delivery.images.building import CERTIFICATES, Build, build_image, engine_has, push_image
from blissful_infra.delivery.images.image import ImageReference, tags_of
from blissful_infra.delivery.images.local_registry import start_registry
from blissful_infra.delivery.images.registries import repository_of, speaks_plain_http
from blissful_infra.delivery.images.registry_client import RegistryClient, TaggedImage
from blissful_infra.delivery.source import source_of
from blissful_infra.errors import ConfigurationError
from blissful_infra.settings.model import ProjectConfig, RegistryKind

Tell = Callable[[str], None]


class SeveralServicesError(ConfigurationError):
    """A project with several services has several images, and deliveries know one."""

    code = "several-services"


@dataclass(frozen=True, slots=True)
class MadeImage:
    """An image that was built or pushed; `digest` is the registry's, once it is there."""

    repository: str
    tags: tuple[str, ...]
    revision: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class ImageWork:
    """Builds, pushes and lists for one project."""

    folder: Path
    config: ProjectConfig

    @property
    def repository(self) -> str:
        """Where the project's images are kept."""
        return repository_of(self.config.registry, self.config.name)

    def build(self, *, allow_dirty: bool, dry_run: bool, tell: Tell) -> MadeImage:
        """Build the image of the commit that is checked out."""
        build = self._build(allow_dirty=allow_dirty)
        if dry_run:
            tell(f"Would build {build.references[0]} from {build.folder}.")
        else:
            tell(f"building {build.references[0]}")
            build_image(build, self.config.images, certificates=self._certificates(build), now=datetime.now(UTC))
        return MadeImage(build.repository, build.tags, build.source.revision)

    def push(self, *, allow_dirty: bool, dry_run: bool, tell: Tell) -> MadeImage:
        """Push the image of this commit; it is built first where the engine has none, and always when dirty.

        A local registry is started where nothing listens at its address.
        """
        build = self._build(allow_dirty=allow_dirty)
        due = build.source.dirty or not engine_has(build.references[0])
        if due:
            self.build(allow_dirty=allow_dirty, dry_run=dry_run, tell=tell)
        if dry_run:
            tell(f"Would push {', '.join(str(each) for each in build.references)}.")
            return MadeImage(build.repository, build.tags, build.source.revision)
        if self.config.registry.kind is RegistryKind.LOCAL:
            start_registry(build.references[0].registry, self.config.images, tell)
        digest = push_image(build, self.config.registry, tell)
        return MadeImage(build.repository, build.tags, build.source.revision, digest)

    def listed(self) -> tuple[str, tuple[TaggedImage, ...]]:
        """The repository, and every tag in it with its digest."""
        reference = ImageReference(self.repository)
        with self._registry(reference) as client:
            return self.repository, client.tags_of(reference)

    def pinned(self, tag: str) -> ImageReference:
        """The image of a tag, by the digest that the registry names now."""
        return self.pinned_reference(ImageReference(self.repository, tag=tag))

    def pinned_reference(self, reference: ImageReference) -> ImageReference:
        """Any image by the digest that its registry names now."""
        with self._registry(reference) as client:
            return reference.pinned(client.digest_of(reference))

    def revision_of(self, reference: ImageReference) -> str | None:
        """The commit an image was built from, as its label says."""
        with self._registry(reference) as client:
            return client.revision_of(reference)

    def _registry(self, reference: ImageReference) -> RegistryClient:
        plain = speaks_plain_http(self.config.registry, reference.registry)
        return RegistryClient(reference.registry, plain_http=plain)

    def _build(self, *, allow_dirty: bool) -> Build:
        if len(self.config.services) > 1:
            names = ", ".join(self.config.services)
            raise SeveralServicesError(
                f"this project has several services ({names}), and an image is built for one",
                hint="build and push each service's image with Docker",
            )
        (service,) = self.config.services.values()
        source = source_of(self.folder)
        tags = tags_of(source, allow_dirty=allow_dirty)
        return Build(self.folder / service.path, source, self.repository, tags)

    def _certificates(self, build: Build) -> Path | None:
        bundle = build.folder / CERTIFICATES
        return bundle if bundle.is_file() and bundle.stat().st_size else None
