"""What a source gave as evidence: texts under the paths that an evidence bundle has for them."""

from dataclasses import dataclass

from agent.domain.collected import CollectedStatus
from agent.domain.investigation import Document


@dataclass(frozen=True, slots=True)
class Gathered:
    """One source's part of an evidence bundle, or the reason why there is none.

    The paths are those of docs/evidence-bundle.md (`logs/app.jsonl`, `metrics/app.csv`, `kubernetes/get-pods.txt`), so
    that a live project and a bundle become an investigation through one reader.
    """

    source: str
    status: CollectedStatus
    documents: tuple[Document, ...] = ()
    detail: str = ""
    truncated: bool = False

    def __post_init__(self) -> None:
        if (self.status is CollectedStatus.OK) != bool(self.documents):
            raise ValueError(f"{self.status} with {len(self.documents)} documents")
        if self.status is not CollectedStatus.OK and not self.detail:
            raise ValueError(f"{self.status} needs a detail that says why")

    @classmethod
    def of(cls, source: str, documents: tuple[Document, ...], *, detail: str, truncated: bool = False) -> "Gathered":
        """`OK`, or `EMPTY` when there are no documents; `detail` says what was looked at."""
        status = CollectedStatus.OK if documents else CollectedStatus.EMPTY
        return cls(source, status, documents, detail, truncated)

    @classmethod
    def unavailable(cls, source: str, detail: str) -> "Gathered":
        """The source could not be reached; `detail` says why."""
        return cls(source, CollectedStatus.UNAVAILABLE, detail=detail)
