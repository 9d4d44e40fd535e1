"""A deployed service that calls nobody when it breaks."""

from collections.abc import Iterator

from agent.advice.material import PROJECT_FILE, Material
from agent.advice.yaml_nodes import Node
from agent.domain.suggestion import Priority, Suggestion


def alerts(material: Material) -> Iterator[Suggestion]:
    """No alerting rule anywhere; more urgent once there are environments to deploy to."""
    if material.project is None or any(_alerts(document.node) for document in material.documents):
        return
    environments = material.project.node.at("environments")
    line = environments or material.project.node.at("slo") or material.project.node
    yield Suggestion(
        rule="alert-rules",
        priority=Priority.MEDIUM if environments and environments.items() else Priority.LOW,
        subject="alerts",
        title="no alert watches the service",
        why="the users notice first",
        fix="Prometheus rules on the objectives: error rate and p95 of http_server_request_duration_seconds",
        evidence=(material.shown(PROJECT_FILE, line.line),),
    )


def _alerts(node: Node) -> bool:
    if node.text("kind") == "PrometheusRule":
        return True
    return any(rule.text("alert") for group in node.listed("groups") for rule in group.listed("rules"))
