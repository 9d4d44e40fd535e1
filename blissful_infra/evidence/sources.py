"""The sources of a project's evidence: its local stack's, or an environment's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from agent.collectors.evidence.argocd import ArgoApplications
from agent.collectors.evidence.chaos_mesh import ChaosExperiments
from agent.collectors.evidence.container_logs import ContainerLogTexts
from agent.collectors.evidence.git_history import GitHistory
from agent.collectors.evidence.http import Server
from agent.collectors.evidence.jenkins import Jenkins
from agent.collectors.evidence.kubectl import Kubectl
from agent.collectors.evidence.kubernetes import KubernetesObjects
from agent.collectors.evidence.log_files import LogFileTexts
from agent.collectors.evidence.loki import Loki
from agent.collectors.evidence.prometheus import Prometheus
from agent.collectors.evidence.run_notes import RunNotes
from agent.collectors.evidence.stack_state import StackState
from agent.collectors.evidence.unreachable import UnreachableSource
from agent.errors import BlissfulError
from agent.ports import EvidenceSource
from blissful_infra.delivery.environments import environment_of
from blissful_infra.evidence.request import Request
from blissful_infra.evidence.stack_states import StackStates
from blissful_infra.stacks.docker.engine import connected
from blissful_infra.stacks.planning import Project, saved_plan
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.stack import Health, Kind, LogSource
from blissful_infra.stacks.status import status_of

WITHIN_S = 10
COMMITS_BEFORE = timedelta(days=1)
"""A change comes before what it breaks."""
RUNS_BEFORE = timedelta(days=7)


def sources_of(project: Project, request: Request) -> tuple[EvidenceSource, ...]:
    """One source a place, in the order in which a report names them."""
    return tuple(_sources(project, request))


def _sources(project: Project, request: Request) -> Iterator[EvidenceSource]:
    yield GitHistory(project.folder, before=COMMITS_BEFORE)
    yield RunNotes(project.state_dir / "events", before=RUNS_BEFORE)
    if request.env is None:
        yield _state(project)
        yield _logs(project, request)
    else:
        yield from _cluster(project, request.env)
    yield from _observability(project, request)


def _cluster(project: Project, env: str) -> Iterator[EvidenceSource]:
    place = environment_of(project.settings.config, env)
    kubectl = Kubectl(place.cluster, place.namespace)
    yield KubernetesObjects(kubectl, lambda: datetime.now(UTC))
    yield ArgoApplications(kubectl, lambda: datetime.now(UTC))
    yield ChaosExperiments(kubectl)


def _observability(project: Project, request: Request) -> Iterator[EvidenceSource]:
    """The servers that the project names; none is asked otherwise."""
    config = project.settings.config
    where = config.observability
    namespace = environment_of(config, request.env).namespace if request.env else None
    names = (*request.services, config.name)
    if where.prometheus:
        yield Prometheus(Server("prometheus", where.prometheus), names, namespace=namespace)
    if where.loki:
        capture = "2" if request.env is None else ""
        yield Loki(Server("loki", where.loki), names, namespace=namespace, capture=capture)
    if where.jenkins:
        yield Jenkins(Server("jenkins", where.jenkins.url), where.jenkins.job)


def _state(project: Project) -> EvidenceSource:
    if project.stack is None:
        return UnreachableSource("stack", "the stack is down; `blissful-infra up` starts it")
    return StackState(StackStates(project), lambda: datetime.now(UTC))


def _logs(project: Project, request: Request) -> EvidenceSource:
    plan = saved_plan(project)
    try:
        found = runtime_of(plan.runtime).log_sources(plan)
        failed = _failed_jobs(project)
    except BlissfulError as error:
        return UnreachableSource("logs", error.message)
    jobs = {service.name for service in plan.services if service.kind is Kind.JOB}
    wanted = [one for one in found if one.service in failed or _is_wanted(one, request, jobs)]
    if containers := {one.service: one.container for one in wanted if one.container}:
        return ContainerLogTexts(containers, lambda: connected(timeout_s=WITHIN_S), jobs=failed)
    return LogFileTexts(
        {one.service: one.files for one in wanted if one.service not in failed},
        zone=datetime.now(UTC).astimezone().tzinfo or UTC,
        jobs={one.service: one.files for one in wanted if one.service in failed},
    )


def _is_wanted(source: LogSource, request: Request, jobs: set[str]) -> bool:
    """What a job wrote that ended well explains nothing; what compose.yaml adds to the plan may."""
    known = {name for edge in request.edges for name in edge} | set(request.services)
    return source.service not in jobs and (source.service in request.services or source.service not in known)


def _failed_jobs(project: Project) -> frozenset[str]:
    """Builds and other jobs that ended badly: their whole log is what a CI job's would be."""
    services = status_of(project.settings.project_file).services
    return frozenset(one.name for one in services if one.kind == Kind.JOB and one.health is Health.UNHEALTHY)
