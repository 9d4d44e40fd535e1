"""The model of `blissful-infra.yaml`: every key, its limits and its default. No I/O.

Unknown keys are errors. What spans several keys (ports that clash, needs that lead nowhere or in a circle) is checked
in `consistency.py`. The descriptions here are the ones editors show, by way of the JSON Schema.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    model_validator,
)
from pydantic.functional_serializers import PlainSerializer
from pydantic_core import PydanticCustomError

from blissful_infra.settings.argv import CommandLine, argv_of
from blissful_infra.settings.consistency import InconsistentError, contradictions_in
from blissful_infra.settings.patterns import (
    BRANCH,
    CRON,
    DURATION,
    GIT,
    HOST,
    IMAGE,
    JOB,
    LINE,
    NAME,
    NAMESPACE,
    PROJECT_NAME,
    REGISTRY,
    SERVER,
    TIME_ZONE,
    URL_PATH,
    VERSION,
    WINDOW,
)


class Section(BaseModel):
    """A mapping of the file: read-only, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class RuntimeChoice(StrEnum):
    """What runs the local stack."""

    AUTO = "auto"
    DOCKER = "docker"
    PROCESS = "process"


class RegistryKind(StrEnum):
    """Which kind of registry images are pushed to."""

    LOCAL = "local"
    GENERIC = "generic"
    ECR = "ecr"
    GCR = "gcr"
    ACR = "acr"


class Embedder(StrEnum):
    """What turns text into vectors for the agent's knowledge."""

    AUTO = "auto"
    SENTENCE_TRANSFORMERS = "sentence-transformers"
    OLLAMA = "ollama"
    LEXICAL = "lexical"


class BackingPlace(StrEnum):
    """Where an environment's backing servers are."""

    PROVIDED = "provided"
    IN_CLUSTER = "in-cluster"


class KnowledgeStore(StrEnum):
    """The kinds of knowledge base."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


def _inside_the_project(path: str) -> str:
    if path.startswith(("/", "~")) or "\\" in path:
        raise PydanticCustomError("path", "should be a path relative to the project's folder, with forward slashes")
    depth = 0
    for part in path.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            raise PydanticCustomError("path", "leads out of the project's folder")
    return path


def _off_as_none(value: object) -> object:
    if value is False:
        return None
    if value is None or isinstance(value, dict | BaseModel):
        return value
    raise PydanticCustomError("switch", 'should be false, or a mapping such as {version: "18"}')


ProjectName = Annotated[str, Field(pattern=PROJECT_NAME)]
Name = Annotated[str, Field(pattern=NAME)]
Namespace = Annotated[str, Field(pattern=NAMESPACE)]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]
Line = Annotated[str, Field(min_length=1, max_length=512, pattern=LINE)]
ImageReference = Annotated[str, Field(min_length=1, max_length=512, pattern=IMAGE)]
ServerUrl = Annotated[str, Field(max_length=300, pattern=SERVER)]
RelativePath = Annotated[Line, AfterValidator(_inside_the_project)]


class Service(Section):
    """One program of the project: how it is built, run and found healthy."""

    path: RelativePath = "."
    """The service's folder, relative to the project's."""
    port: Port
    """The port it wishes to listen on; `up` moves it when it is taken."""
    build: CommandLine | None = None
    """How the process runtime builds it, run in `path`."""
    run: CommandLine
    """How the process runtime starts it, run in `path`."""
    migrate: CommandLine | None = None
    """How its database migrations are run alone."""
    health: Annotated[str, Field(pattern=URL_PATH, max_length=200)] = "/health"
    """The HTTP path that answers 200 while the service can serve."""
    needs: tuple[Name, ...] = ()
    """The backing servers and services that start before it."""

    @property
    def build_argv(self) -> tuple[str, ...] | None:
        """The build command's arguments."""
        return None if self.build is None else argv_of(self.build)

    @property
    def run_argv(self) -> tuple[str, ...]:
        """The run command's arguments."""
        return argv_of(self.run)

    @property
    def migrate_argv(self) -> tuple[str, ...] | None:
        """The migrate command's arguments."""
        return None if self.migrate is None else argv_of(self.migrate)


class BackingServer(Section):
    """A server the services need."""

    version: Annotated[str, Field(pattern=VERSION)]
    """The version wanted, in quotes. What a runtime cannot give is said by `up`."""


def _false_for_off(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"const": False}, *(part for part in schema["anyOf"] if part != {"type": "null"})]
    schema["default"] = False


Switch = Annotated[
    BackingServer | None,
    BeforeValidator(_off_as_none),
    PlainSerializer(lambda server: False if server is None else server.model_dump(mode="json")),
    Field(json_schema_extra=_false_for_off),
]


class Backing(Section):
    """The servers started beside the services; `false` is off."""

    postgres: Switch = None
    """PostgreSQL."""
    kafka: Switch = None
    """Apache Kafka, one broker in KRaft mode."""
    redis: Switch = None
    """A server of the Redis protocol."""

    def enabled(self) -> dict[str, BackingServer]:
        """The servers that are on, in the order they are declared."""
        servers = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: server for name, server in servers.items() if server is not None}


class Registry(Section):
    """The registry of the project's images."""

    kind: RegistryKind = RegistryKind.LOCAL
    """local, generic, or a cloud provider's: ecr, gcr, acr."""
    url: Annotated[str, Field(max_length=200, pattern=REGISTRY)] | None = None
    """Where images are kept, without a scheme: registry.example/team. Of a local registry it is localhost:5000."""
    insecure: StrictBool = False
    """Speak plain HTTP to it; a registry on this machine is spoken to so anyway."""


class Promotion(Section):
    """What has to be so before another environment's release may come in by `promote`."""

    after: Name
    """The environment whose releases come in: it has to be well, as released, and without open incidents."""
    served_for: Annotated[str, Field(pattern=DURATION)] = "10m"
    """How long the release has to have served there: 10m, 24h, 7d. With a Prometheus, `slo` has to hold meanwhile."""


class WindowKind(StrEnum):
    """Whether a window lets Argo CD sync, or keeps it from it."""

    ALLOW = "allow"
    DENY = "deny"


class SyncWindow(Section):
    """A time in which Argo CD may or may not sync."""

    kind: WindowKind
    """allow: only then; deny: never then."""
    schedule: Annotated[str, Field(max_length=100, pattern=CRON)]
    """When it begins, as cron writes it."""
    duration: Annotated[str, Field(max_length=20, pattern=WINDOW)]
    """How long it lasts."""
    time_zone: Annotated[str, Field(max_length=60, pattern=TIME_ZONE)] = "UTC"
    """The schedule's time zone."""


class GitOps(Section):
    """Argo CD applies what a branch holds; a deploy commits to it."""

    repository: Annotated[str, Field(max_length=300, pattern=GIT)] | None = None
    """The git repository that holds the overlay; without it, the project's remote `origin`."""
    branch: Annotated[str, Field(max_length=200, pattern=BRANCH)] = "main"
    """The branch that Argo CD follows."""
    path: RelativePath | None = None
    """The overlay in that repository; without it, `deploy/overlays/<name>` of the project."""
    application: Namespace | None = None
    """The Application; without it, `<project>-<name>`."""
    argocd_namespace: Namespace = "argocd"
    """The namespace of Argo CD."""
    windows: tuple[SyncWindow, ...] = ()
    """When Argo CD may sync; always, where there is none."""


class Environment(Section):
    """A place in a cluster where the project is deployed."""

    cluster: Line
    """The kubeconfig context; a deploy touches no other."""
    namespace: Namespace
    """The namespace of this environment."""
    replicas: Annotated[StrictInt, Field(ge=0, le=1000)] = 1
    """How many pods of each service."""
    approve: StrictBool = False
    """Ask for a yes before every deploy."""
    backing: BackingPlace = BackingPlace.PROVIDED
    """provided: the Secret `<project>-backing` tells where the servers are; in-cluster: they are deployed too."""
    host: Annotated[str, Field(max_length=253, pattern=HOST)] | None = None
    """The name under which an Ingress makes the service reachable; without one there is no Ingress."""
    overlay: Name | None = None
    """The folder of `deploy/overlays` that it is made from; without one, the folder of its own name."""
    promote: Promotion | None = None
    """The gates before `promote --to` this environment; without them, whatever serves elsewhere may come in."""
    gitops: GitOps | None = None
    """Delivered by Argo CD: a deploy commits the image's digest to a branch, and waits until it serves."""


class Previews(Section):
    """Environments that come and go: one for each branch or pull request."""

    cluster: Line
    """The kubeconfig context; previews touch no other."""
    domain: Annotated[str, Field(max_length=180, pattern=HOST)] | None = None
    """A domain whose every name leads to the cluster's ingress, such as 10.0.0.2.nip.io; without one, no Ingress."""
    ttl: Annotated[str, Field(pattern=DURATION)] = "24h"
    """How long after its last use a preview may be reaped: 90m, 24h, 7d."""
    max: Annotated[StrictInt, Field(ge=1, le=500)] = 20
    """How many there may be at once."""
    replicas: Annotated[StrictInt, Field(ge=1, le=100)] = 1
    """How many pods of each service."""
    overlay: Name = "staging"
    """The folder of `deploy/overlays` that they are made from, its quota too."""


class Jenkins(Section):
    """The job that builds the project."""

    url: ServerUrl
    """Where Jenkins is; BLISSFUL_JENKINS_USER and BLISSFUL_JENKINS_TOKEN are sent to it."""
    job: Annotated[str, Field(min_length=1, max_length=300, pattern=JOB)]
    """The job, within folders as its URL path has them without `job/`: team/my-service/main."""


class Observability(Section):
    """Where the agent finds metrics, logs and builds; nothing is asked that is not named here."""

    prometheus: ServerUrl | None = None
    """Prometheus; BLISSFUL_PROMETHEUS_TOKEN, or _USER and _PASSWORD, are sent to it."""
    loki: ServerUrl | None = None
    """Loki; BLISSFUL_LOKI_TOKEN, or _USER and _PASSWORD, are sent to it."""
    jenkins: Jenkins | None = None
    """Jenkins."""


class Slo(Section):
    """What the project promises; one block judges performance, chaos, comparisons and deploys."""

    p95_ms: Annotated[StrictFloat, Field(gt=0, le=3_600_000)] = 200.0
    """95 of 100 requests are answered within this many milliseconds."""
    error_rate: Annotated[StrictFloat, Field(ge=0, le=1)] = 0.01
    """The share of requests that may fail, 0 to 1."""
    recovery_s: Annotated[StrictFloat, Field(gt=0, le=86_400)] = 30.0
    """Seconds until the service is well again after a fault."""


class Agent(Section):
    """The agent's model, embedder and knowledge base."""

    model: Line = "llama3.1:8b"
    """The Ollama model that words answers; without it a smaller sibling, what is installed, or none."""
    embedder: Embedder = Embedder.AUTO
    """What turns text into vectors."""
    knowledge: KnowledgeStore = KnowledgeStore.SQLITE
    """Where the agent keeps what it learnt."""
    auto_fix: StrictBool = False
    """Let `fix apply --proven` choose fixes that helped in four of five outcomes or more; it still asks."""


class State(Section):
    """Limits of the state folder."""

    max_age_days: Annotated[StrictInt, Field(ge=1, le=3650)] = 30
    """Runs, events and logs older than this are removed."""
    max_size_mb: Annotated[StrictInt, Field(ge=16, le=1_000_000)] = 512
    """The oldest runs, events and logs go first when these together are larger."""


class ProjectConfig(Section):
    """The whole of `blissful-infra.yaml`, every default filled in."""

    name: ProjectName
    """The project's name: 3 to 40 lower-case letters, digits and dashes."""
    template: Name | None = None
    """The template it was created from."""
    services: Annotated[dict[Name, Service], Field(min_length=1)]
    """The project's own programs, by name."""
    backing: Backing = Backing()
    """The servers started beside the services."""
    runtime: RuntimeChoice = RuntimeChoice.AUTO
    """docker, process, or auto: Docker when an engine answers, else process."""
    images: dict[ImageReference, ImageReference] = Field(default_factory=dict)
    """Image references to use instead of others: mirrors, air-gapped networks."""
    registry: Registry = Registry()
    """Where images are pushed to."""
    environments: dict[Name, Environment] = Field(default_factory=dict)
    """The clusters and namespaces the project is deployed to, by name."""
    previews: Previews | None = None
    """Environments that come and go: one for each branch or pull request."""
    observability: Observability = Observability()
    """Where the agent finds metrics, logs and builds."""
    slo: Slo = Slo()
    """What the project promises."""
    agent: Agent = Agent()
    """The agent's settings."""
    state: State = State()
    """How much of the past `.blissful/` keeps."""

    @model_validator(mode="after")
    def _is_consistent(self) -> "ProjectConfig":
        found = tuple(contradictions_in(self))
        if found:
            raise InconsistentError(found)
        return self
