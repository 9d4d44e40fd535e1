"""Every seam of the agent as a Protocol: what is handed in from outside, and what each adapter must keep.

One suite a port runs on every implementation (tests/contract/), the in-memory ones of tests/fakes.py included.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from agent.domain import Bound, Collected, ServiceState, Window
from agent.domain.fix import Outcome
from agent.domain.gathered import Gathered
from agent.domain.incident import Incident, PatternSeen, SimilarIncident, SuccessRate, TakenIn
from agent.domain.remembered import Remembered
from agent.domain.suggestion import Feedback


class Collector(Protocol):
    """One source of evidence."""

    @property
    def name(self) -> str:
        """Kebab-case, unique among the collectors of one investigation; shown to the person asking."""

    def collect(self, window: Window, bound: Bound) -> Collected:
        """The records inside the window, oldest first, the newest of them when there are more than the bound allows.

        Never raises for a source that cannot be reached: that is `UNAVAILABLE`, with the reason. Collecting the same
        window twice gives events with the same ids.
        """


class EvidenceSource(Protocol):
    """One source of evidence that is kept as text, so that it can be quoted, bundled and read again elsewhere."""

    @property
    def name(self) -> str:
        """Kebab-case, unique among the sources of one investigation; shown to the person asking."""

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The source's part of an evidence bundle: what lies in the window, the newest where the bound cuts.

        Never raises for a source that cannot be reached: that is `UNAVAILABLE`, with the reason.
        """


class KnowledgeBase(Protocol):
    """What a team remembers: incidents, and what fixes did. Safe under two writers; raises `KnowledgeError`.

    Where an incident is named, its id or the beginning of it will do; `NoSuchIncidentError` names the candidates where
    several begin so.
    """

    def record(self, incident: Incident) -> Incident:
        """Keep it, or count it as seen again where its fingerprint is known and open; gives what is now kept.

        A fingerprint that was merged counts for the incident it was merged into while that one is open.
        """

    def incident(self, incident_id: str) -> Incident | None:
        """The incident of this id, or the only one whose id begins so."""

    def incidents(self, *, state: str | None = None, limit: int = 100) -> tuple[Incident, ...]:
        """The newest seen first; without a state, all but the merged ones."""

    def close(self, incident_id: str, resolution: str, at: datetime) -> Incident:
        """Mark it resolved. Raises `IncidentStateError` for one that was merged."""

    def merge(self, incident_id: str, into: str) -> Incident:
        """Make one incident part of another, whose count grows; gives the other.

        Raises `IncidentStateError` where both are one, or the first was merged already.
        """

    def add_outcome(self, outcome: Outcome) -> None:
        """Keep what a fix did, the bad ones too; the same outcome twice is one."""

    def outcomes(self, incident_id: str) -> tuple[Outcome, ...]:
        """The outcomes of one incident and of those merged into it, oldest first."""

    def success_rates(self, pattern: str) -> tuple[SuccessRate, ...]:
        """How often each fix helped against this pattern, the most tried first."""

    def patterns(self) -> tuple[PatternSeen, ...]:
        """Every pattern that was met, the most often met first."""

    def similar(self, signature: str, *, limit: int = 5, except_id: str | None = None) -> tuple[SimilarIncident, ...]:
        """The most alike incidents, by embeddings of the present embedder only, the most alike first.

        Merged ones are left out. Raises `SourceUnavailableError` when the embedder cannot be reached.
        """

    def export(self) -> Iterator[Remembered]:
        """Everything, each incident with its own count, and no incident before the one it was merged into.

        What was said to suggestions comes last.
        """

    def take_in(self, records: Iterable[Remembered], *, keep: bool = True) -> TakenIn:
        """Unite another knowledge base's export with this one, whole or, when anything raises, not at all.

        Doing it twice changes nothing: of an incident known by its id the greater count stays, the later state and the
        later wording. Two open incidents of one fingerprint become one, the older. Without `keep` it only tells what it
        would bring.
        """


class FeedbackBook(Protocol):
    """What a team said to suggestions, of all its projects. Safe under two writers; raises `KnowledgeError`."""

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep it; what was said before stays on record. The same word twice is one."""

    def feedback(self) -> tuple[Feedback, ...]:
        """All of it, oldest first."""


class Embedder(Protocol):
    """Turns texts into vectors of one length; equal names mean comparable vectors."""

    @property
    def name(self) -> str:
        """The embedder with its model and version, such as `lexical-v1` or `ollama/nomic-embed-text`."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of length 1 a text. Raises `SourceUnavailableError` when its model cannot be reached."""


class StackObserver(Protocol):
    """Tells what the services of a stack are doing now; implemented by whoever runs stacks."""

    def observe(self) -> tuple[ServiceState, ...]:
        """Every service of the stack, in start order. Raises `BlissfulError` when the stack cannot be asked."""


class ChatModel(Protocol):
    """A language model that words what the evidence says. Optional everywhere."""

    @property
    def name(self) -> str:
        """The model's own name, such as `llama3.1:8b`."""

    def stream(self, system: str, prompt: str) -> Iterator[str]:
        """Pieces of the answer as they come. Raises `ModelError` when the model is down, slow, or dies on the way."""
