"""The facts and claims the agent speaks of: frozen, slotted dataclasses over the standard library only.

Belongs here: types with the invariants that make a wrong value impossible to build (a finding without evidence, a time
without a zone). Does not belong here: parsing, judgement, files, clocks, any I/O. Tuples, not lists; `StrEnum` for
closed sets; ids are hashes of content and place, so that collecting twice changes nothing.
"""

from agent.domain.answer import Answer, SourceSeen
from agent.domain.collected import Bound, Collected, CollectedStatus, Window
from agent.domain.event import Event, event_id
from agent.domain.finding import Evidence, Finding, Origin
from agent.domain.service_state import Health, ServiceState
from agent.domain.severity import Severity

__all__ = [
    "Answer",
    "Bound",
    "Collected",
    "CollectedStatus",
    "Event",
    "Evidence",
    "Finding",
    "Health",
    "Origin",
    "ServiceState",
    "Severity",
    "SourceSeen",
    "Window",
    "event_id",
]
