"""A service that promises nothing: nobody can tell slow from broken, and no deploy can be judged."""

from collections.abc import Iterator

from agent.advice.material import PROJECT_FILE, Material
from agent.domain.suggestion import Priority, Suggestion


def objectives(material: Material) -> Iterator[Suggestion]:
    """A project file without `slo`."""
    if material.project is not None and not material.project.node.items("slo"):
        name = material.project.node.at("name") or material.project.node
        yield Suggestion(
            rule="service-objectives",
            priority=Priority.MEDIUM,
            subject="slo",
            title="the service has no objectives",
            why="load tests, chaos tests and deploys have nothing to be judged by",
            fix="slo: {p95_ms: 200, error_rate: 0.01, recovery_s: 30} in blissful-infra.yaml",
            evidence=(material.shown(PROJECT_FILE, name.line),),
        )
