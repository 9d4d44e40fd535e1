"""From the project's file and the facts of its folder to what should run, where, and after what. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

from blissful_infra.settings.model import ProjectConfig, Service
from blissful_infra.stacks.stack import Kind, ServicePlan, StackPlan, title_of

PASSWORD = "POSTGRES_PASSWORD"  # noqa: S105 - the name of the variable
DATABASE = "app"
BUILD_SUFFIX = "-build"


@dataclass(frozen=True, slots=True)
class BuildStamp:
    """What a service was last built from: a fingerprint of its sources, the commit, and when (ISO 8601)."""

    fingerprint: str
    revision: str
    built_at: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What was found out about the project's folder before planning."""

    project_dir: Path
    state_dir: Path
    stack_id: str
    builds: Mapping[str, BuildStamp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuntimeOffer:
    """The chosen runtime, why, and what it can give: the versions and commands of its own servers.

    `products` names those that are not what they stand for.
    """

    name: str
    reason: str
    versions: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)


def plan_of(config: ProjectConfig, folder: Folder, ports: Mapping[str, int], offer: RuntimeOffer) -> StackPlan:
    """Every service of the project, each after what it needs, with its command, variables, port and log file."""
    planned: dict[str, ServicePlan] = {}
    for name in config.backing.enabled():
        planned[name] = _backing(name, folder, ports, offer)
    for name, service in config.services.items():
        planned[name] = _service(config, name, service, folder, ports, offer)
        if offer.name == "process" and service.build_argv:
            planned[name + BUILD_SUFFIX] = _build(planned[name], service.build_argv, folder)
    graph = TopologicalSorter({name: service.needs for name, service in planned.items()})
    return StackPlan(
        name=config.name,
        stack_id=folder.stack_id,
        project_dir=folder.project_dir,
        state_dir=folder.state_dir,
        runtime=offer.name,
        reason=offer.reason,
        services=tuple(planned[name] for name in graph.static_order()),
        ports=dict(ports),
        notices=tuple(_version_notices(config, offer)),
    )


def _backing(name: str, folder: Folder, ports: Mapping[str, int], offer: RuntimeOffer) -> ServicePlan:
    return ServicePlan(
        name=name,
        title=title_of(name),
        kind=Kind(name),
        needs=(),
        log_file=folder.state_dir / "logs" / f"{name}.log",
        port=ports[name],
        version=offer.versions.get(name),
        argv=offer.commands.get(name, ()),
        directory=folder.state_dir / "process",
        stop_signal="INT" if name == "postgres" else "TERM",
    )


def _service(
    config: ProjectConfig,
    name: str,
    service: Service,
    folder: Folder,
    ports: Mapping[str, int],
    offer: RuntimeOffer,
) -> ServicePlan:
    built = offer.name == "process" and service.build_argv
    return ServicePlan(
        name=name,
        title=title_of(name),
        kind=Kind.APPLICATION,
        needs=(*service.needs, *([name + BUILD_SUFFIX] if built else [])),
        log_file=folder.state_dir / "logs" / f"{name}.log",
        port=ports[name],
        url=f"http://localhost:{ports[name]}",
        health_path=service.health,
        argv=service.run_argv if offer.name == "process" else (),
        directory=folder.project_dir / service.path,
        environment=service_environment(config, name, ports, folder.builds.get(name)),
        secrets=(PASSWORD,) if "postgres" in service.needs else (),
    )


def _build(service: ServicePlan, argv: tuple[str, ...], folder: Folder) -> ServicePlan:
    identity = {"GIT_REVISION", "BUILD_TIME", "SERVICE_NAME"}
    return ServicePlan(
        name=service.name + BUILD_SUFFIX,
        title=f"{service.title} build",
        kind=Kind.JOB,
        needs=(),
        log_file=folder.state_dir / "logs" / f"{service.name}{BUILD_SUFFIX}.log",
        argv=argv,
        directory=service.directory,
        environment={name: value for name, value in service.environment.items() if name in identity},
    )


def service_environment(
    config: ProjectConfig, name: str, ports: Mapping[str, int], build: BuildStamp | None
) -> dict[str, str]:
    """The variables of docs/service-contract.md for one service, without secrets."""
    needs = config.services[name].needs
    environment = {
        "SERVICE_NAME": config.name if name == "app" else f"{config.name}-{name}",
        "HOST": "127.0.0.1",
        "PORT": str(ports[name]),
    }
    if build:
        environment |= {"GIT_REVISION": build.revision, "BUILD_TIME": build.built_at}
    if "postgres" in needs:
        environment |= {
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(ports["postgres"]),
            "POSTGRES_DB": DATABASE,
            "POSTGRES_USER": DATABASE,
        }
    if "kafka" in needs:
        environment["KAFKA_BOOTSTRAP_SERVERS"] = f"127.0.0.1:{ports['kafka']}"
    if "redis" in needs:
        environment |= {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(ports["redis"])}
    for other in needs:
        if other in config.services:
            environment[f"{other.upper().replace('-', '_')}_URL"] = f"http://127.0.0.1:{ports[other]}"
    return environment


def _version_notices(config: ProjectConfig, offer: RuntimeOffer) -> list[str]:
    notices = []
    for name, server in config.backing.enabled().items():
        given = offer.versions.get(name)
        if given and not version_satisfies(given, server.version):
            product = f"{offer.products[name]} {given}" if name in offer.products else given
            notices.append(f"{title_of(name)} {server.version} was asked for; the {offer.name} runtime gives {product}")
    return notices


def version_satisfies(given: str, wanted: str) -> bool:
    """Whether a version is one of the wanted series.

    >>> version_satisfies("4.1.2", "4.1"), version_satisfies("18.6", "1")
    (True, False)
    """
    parts = wanted.split(".")
    return given.split(".")[: len(parts)] == parts
