"""What a deploy or a rollback would do: the manifests, the image and revision, and the difference to what is live."""

import io
import secrets
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.errors import BlissfulError
from blissful_infra.delivery.commands import run_bytes
from blissful_infra.delivery.environments import environment_of
from blissful_infra.delivery.gitops.checkout import checkout
from blissful_infra.delivery.gitops.committing import OverlayChange
from blissful_infra.delivery.gitops.target import GitOpsTarget, target_of
from blissful_infra.delivery.images.image import DIRTY, ImageReference, reference_of
from blissful_infra.delivery.images.imaging import ImageWork
from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.delivery.kubernetes.diffing import ObjectDiff, diff_of
from blissful_infra.delivery.kubernetes.manifests import (
    Manifest,
    ManifestError,
    Phases,
    annotated,
    in_phases,
    name_of,
    outside,
    secrets_asked_for,
    title_of,
)
from blissful_infra.delivery.kubernetes.namespacing import home_of
from blissful_infra.delivery.kustomizing import render, render_overlay
from blissful_infra.delivery.migrations import migrations_of
from blissful_infra.delivery.records import Records
from blissful_infra.delivery.release import Release, irreversible_between, next_number, restorable, serving
from blissful_infra.delivery.sealed import Sealed, check_program, noted, sealed_in
from blissful_infra.delivery.source import commit_of
from blissful_infra.errors import ConfigurationError, UsageError
from blissful_infra.settings.model import BackingPlace, Environment, ProjectConfig

LASTING = frozenset({"Namespace", "PersistentVolumeClaim", "Secret"})
"""Kinds that are never removed because a release no longer has them."""


class MissingSecretError(ConfigurationError):
    """A Secret that the pods need is not in the namespace."""

    code = "missing-secret"


class NothingToRestoreError(UsageError):
    """There is no release to go back to."""

    code = "nothing-to-restore"


class IrreversibleError(UsageError):
    """A migration between the releases cannot be undone."""

    code = "irreversible-migration"


@dataclass(frozen=True, slots=True)
class Plan:
    """One release as it would be made. `restores` is the release that a rollback brings back."""

    environment: str
    cluster: str
    server: str
    namespace: str
    number: int
    image: str
    revision: str | None
    before: Release | None
    restores: int | None
    migrations: Mapping[str, bool]
    manifests: tuple[Manifest, ...]
    phases: Phases
    diffs: tuple[ObjectDiff, ...]
    leftovers: tuple[Manifest, ...]
    notices: tuple[str, ...] = ()
    gitops: GitOpsTarget | None = None
    change: OverlayChange | None = None
    namespace_exists: bool = True
    sealed: Sealed | None = None


def plan_deploy(folder: Path, config: ProjectConfig, name: str, *, image: str | None, ref: str | None) -> Plan:
    """The plan that deploys an image, or the image of a commit (the one checked out, where nothing is named).

    Manifests and migrations are the commit's; of an image alone they are those of the working tree. Both together say
    that this image is that commit's.
    """
    environment = environment_of(config, name)
    cluster = Cluster(environment)
    work = ImageWork(folder, config)
    notices: tuple[str, ...] = ()
    commit = None if image is not None and ref is None else commit_of(folder, ref or "HEAD")
    if image is None:
        reference, revision = work.pinned(str(commit)), commit
    elif commit is not None:
        reference, revision = reference_of(image), commit
    else:
        reference, revision, notices = _named(work, image)
    target = target_of(folder, config, name)
    with _files_of(folder, commit) as files:
        found = () if target else render(files, config, name, reference)
        migrations = migrations_of(files)
        sealed = sealed_in(files, environment.overlay or name)
    if sealed is not None:
        check_program(sealed)
        found = noted(found, sealed)
        notices += (f"{sealed} comes from {sealed.where}; its values are shown nowhere",)
    change = None
    if target is not None:
        change = OverlayChange(config.name, str(reference), revision)
        found = _rendered(target, change)
        notices += _left_to_the_overlay(environment)
    return _planned(
        config,
        name,
        cluster,
        found,
        reference,
        revision,
        migrations,
        notices=notices,
        gitops=target,
        change=change,
        sealed=sealed,
    )


def plan_rollback(folder: Path, config: ProjectConfig, name: str, *, to: int | None, force: bool) -> Plan:
    """The plan that brings back a release: the one named, or the last that served before."""
    cluster = Cluster(environment_of(config, name))
    records = Records(cluster, config.name)
    releases = records.all()
    target = next((each for each in releases if each.number == to), None) if to is not None else restorable(releases)
    if target is None:
        known = ", ".join(f"{each.number} ({each.verdict})" for each in releases) or "none"
        raise NothingToRestoreError(
            f"{name} has no release {'to go back to' if to is None else to}", hint=f"there are: {known}"
        )
    now = releases[0]
    if (lost := irreversible_between(now, target)) and not force:
        raise IrreversibleError(
            f"release {target.number} is older than migrations that cannot be undone: {', '.join(lost)}",
            hint="deploy a mended version instead, or, if the older version can live with the schema, use --force",
        )
    reference = reference_of(target.image)
    gitops, change = target_of(folder, config, name), None
    if gitops is not None:
        change = OverlayChange(config.name, str(reference), target.revision, restores=target.commit)
        kept = _rendered(gitops, change)
    else:
        kept = tuple(each for each in records.manifests(target.number) if each["kind"] != "Job")
    return _planned(
        config, name, cluster, kept, reference, target.revision, target.migrations or {},
        restores=target.number, gitops=gitops, change=change,
    )  # fmt: skip


def promotable(config: ProjectConfig, name: str) -> tuple[str, str | None]:
    """The image and commit that an environment serves. Raises NothingToRestoreError where it serves nothing."""
    found = released_in(Cluster(environment_of(config, name)), config, name)
    known = found.revision and not found.revision.endswith(DIRTY)
    return found.image, found.revision if known else None


def released_in(cluster: Cluster, config: ProjectConfig, name: str) -> Release:
    """The release that an environment serves. Raises NothingToRestoreError where it serves nothing."""
    found = serving(Records(cluster, config.name).all())
    if found is None:
        raise NothingToRestoreError(
            f"{name} serves no release", hint=f"`blissful-infra deploy --env {name}` comes first"
        )
    return found


def backing_secret(config: ProjectConfig, environment: Environment) -> Manifest:
    """The Secret that tells where the servers of `components/backing` are; its password is new each time."""
    values: dict[str, str] = {}
    on = config.backing.enabled()
    if "postgres" in on:
        values |= {"POSTGRES_HOST": f"{config.name}-postgres", "POSTGRES_PORT": "5432", "POSTGRES_DB": "app"}
        values |= {"POSTGRES_USER": "app", "POSTGRES_PASSWORD": secrets.token_hex(16)}
    if "kafka" in on:
        values["KAFKA_BOOTSTRAP_SERVERS"] = f"{config.name}-kafka:9092"
    if "redis" in on:
        values |= {"REDIS_HOST": f"{config.name}-redis", "REDIS_PORT": "6379"}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"{config.name}-backing", "namespace": environment.namespace},
        "stringData": values,
    }


def _planned(
    config: ProjectConfig,
    name: str,
    cluster: Cluster,
    found: tuple[Manifest, ...],
    image: ImageReference,
    revision: str | None,
    migrations: Mapping[str, bool],
    *,
    restores: int | None = None,
    notices: tuple[str, ...] = (),
    gitops: GitOpsTarget | None = None,
    change: OverlayChange | None = None,
    sealed: Sealed | None = None,
) -> Plan:
    environment = environment_of(config, name)
    if strays := outside(found, environment.namespace):
        raise ManifestError(
            f"{', '.join(strays)} would not be in the namespace {environment.namespace}",
            hint="a deploy touches its environment's namespace alone; remove them from the overlay",
        )
    records = Records(cluster, config.name)
    releases = records.all()
    number = next_number(releases)
    last = serving(releases)
    notes = {"blissful-infra.dev/release": str(number), "blissful-infra.dev/revision": revision or "unknown"}
    manifests = found if gitops else annotated(found, notes)
    home = home_of(cluster, manifests)
    _secrets_are_there(config, environment, cluster, manifests, exists=home.exists, sealed=sealed)
    leftovers = _leftovers(records.manifests(last.number), manifests) if last else ()
    diffs = tuple(home.untouched(each) or _diff(cluster, each, exists=home.exists) for each in manifests)
    removed = tuple(diff_of(title_of(each), {}, None) for each in leftovers)
    return Plan(
        name, cluster.context, cluster.server, environment.namespace, number, str(image), revision, last, restores,
        dict(migrations), manifests, in_phases(home.applied(manifests)), diffs + removed, leftovers,
        notices + home.notices, gitops, change, home.exists, sealed,
    )  # fmt: skip


def _rendered(target: GitOpsTarget, change: OverlayChange) -> tuple[Manifest, ...]:
    """What Argo CD would make of the branch with the change."""
    with checkout(target) as clone:
        change.made_in(clone)
        return render_overlay(clone.kustomization.parent, f"{target.path} of {target.shown}")


def _left_to_the_overlay(environment: Environment) -> tuple[str, ...]:
    """Settings that a deploy sets by itself, and that Argo CD does not know."""
    ours = {"replicas": 1, "host": None, "backing": BackingPlace.PROVIDED}
    said = [key for key, default in ours.items() if getattr(environment, key) != default]
    return (
        (f"Argo CD applies the overlay as it stands; {', '.join(said)} of the settings is not looked at",)
        if said
        else ()
    )


def _diff(cluster: Cluster, manifest: Manifest, *, exists: bool) -> ObjectDiff:
    title = title_of(manifest)
    if manifest["kind"] == "Job" or (not exists and manifest["kind"] != "Namespace"):
        return diff_of(title, None, manifest)  # a Job is made anew each time
    live = cluster.get(cluster.path_of(manifest))
    return diff_of(title, live, cluster.apply(manifest, dry_run=True))


def _leftovers(before: tuple[Manifest, ...], now: tuple[Manifest, ...]) -> tuple[Manifest, ...]:
    kept = {(each["kind"], name_of(each)) for each in now}
    return tuple(
        each for each in before if each["kind"] not in LASTING and (each["kind"], name_of(each)) not in kept
        and each["kind"] != "Job"
    )  # fmt: skip


def _secrets_are_there(
    config: ProjectConfig,
    environment: Environment,
    cluster: Cluster,
    manifests: tuple[Manifest, ...],
    *,
    exists: bool,
    sealed: Sealed | None,
) -> None:
    made_here = {f"{config.name}-backing"} if environment.backing is BackingPlace.IN_CLUSTER else set()
    made_here |= set(sealed.names) if sealed else set()
    for secret in sorted(secrets_asked_for(manifests) - made_here):
        path = f"/api/v1/namespaces/{environment.namespace}/secrets/{secret}"
        if not exists or cluster.get(path) is None:
            raise MissingSecretError(
                f"the namespace {environment.namespace} has no Secret {secret}, which the pods need",
                hint="deploy/README.md has the line that makes it; make the namespace first",
            )


def _named(work: ImageWork, text: str) -> tuple[ImageReference, str | None, tuple[str, ...]]:
    reference = reference_of(f"{work.repository}@{text}" if text.startswith("sha256:") else text)
    try:
        if reference.digest is None:
            reference = work.pinned_reference(reference)
        return reference, work.revision_of(reference), ()
    except BlissfulError as error:
        if reference.digest is None:
            raise
        notice = f"which revision the image is cannot be asked from here ({error.message}); any that answers is taken"
        return reference, None, (notice,)


@contextmanager
def _files_of(folder: Path, commit: str | None) -> Iterator[Path]:
    """The project's files as a commit has them, or as they stand."""
    if commit is None:
        yield folder
        return
    packed = run_bytes(["git", "archive", "--format=tar", commit], why=f"{commit} cannot be read", folder=folder)
    with tempfile.TemporaryDirectory(prefix="blissful-") as scratch:
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            tar.extractall(scratch, filter="data")
        yield Path(scratch)
