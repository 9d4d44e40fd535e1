"""Writing incidents inside a transaction: each act keeps the tables' invariants."""

from agent.domain.incident import Incident
from agent.knowledge.database import Statements
from agent.knowledge.rows import key_of, values_of
from agent.knowledge.uniting import part_of, spanning


def add(inside: Statements, incident: Incident) -> None:
    """Keep a new incident."""
    inside.run("insert_incident", **values_of(incident))
    inside.run("raise_revision")


def put(inside: Statements, before: Incident, after: Incident) -> None:
    """Keep what an incident became."""
    inside.run("update_incident", **values_of(after))
    if key_of(before.signature) != key_of(after.signature):
        inside.run("raise_revision")


def join(inside: Statements, part: Incident, root: Incident) -> None:
    """Make one incident, with all that was merged into it, part of another that is not merged itself."""
    put(inside, part, part_of(part, root))
    inside.run("move_parts", id=part.id, into=root.id)
    put(inside, root, spanning(root, part))
