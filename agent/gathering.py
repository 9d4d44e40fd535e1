"""The wiring of live evidence: from sources to one bundle, and to the investigation that the bundle gives."""

import dataclasses
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from agent.collectors.bundle import investigation_of, text_of_header
from agent.domain.collected import Bound, CollectedStatus, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document, Investigation, Period
from agent.normalize.redaction import redacted
from agent.ports import EvidenceSource
from agent.rca.live_question import asked

BOUND = Bound(records=200_000, octets=32 * 1024 * 1024)
"""Of each source."""
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class LiveEvidence:
    """What was gathered: the bundle as documents, `bundle.yaml` first, and what it gives when read."""

    gathered: tuple[Gathered, ...]
    documents: tuple[Document, ...]
    investigation: Investigation


def gather(
    sources: Sequence[EvidenceSource], window: Window, bound: Bound = BOUND, *, secrets: Iterable[str] = ()
) -> tuple[Gathered, ...]:
    """What every source gave, in the order of the sources; they are asked at once, and secrets are taken out."""
    known = tuple(secrets)

    def one(source: EvidenceSource) -> Gathered:
        try:
            found = source.gather(window, bound)
        except Exception as error:  # noqa: BLE001 - a bug in one source; named in the report, and the others are heard
            return Gathered.unavailable(source.name, f"{type(error).__name__}: {redacted(str(error), known)}")
        documents = tuple(Document(document.path, redacted(document.text, known)) for document in found.documents)
        return dataclasses.replace(found, documents=documents, detail=redacted(found.detail, known))

    if not sources:
        return ()
    with ThreadPoolExecutor(min(AT_ONCE, len(sources)), thread_name_prefix="gather") as pool:
        return tuple(pool.map(one, sources))


def evidence_of(
    gathered: Sequence[Gathered], window: Window, *, project: str, edges: Sequence[tuple[str, str]] = ()
) -> LiveEvidence:
    """The bundle of what was gathered. Its question is the one that the evidence raises; `edges` are (caller, callee).

    A source that could not be reached, or gave more than the bound, is named in the bundle's gaps.
    """
    found = tuple(document for one in gathered for document in one.documents)
    question = Investigation(
        title=project,
        alert=project,
        window=Period(window.since, window.until),
        edges=tuple(edges),
        gaps=tuple(gap for one in gathered for gap in _gaps(one)),
    )
    read = investigation_of((_header(question), *found))
    investigation = asked(read, project, window.until)
    question = dataclasses.replace(
        question, title=investigation.title, alert=investigation.alert, alert_at=investigation.alert_at
    )
    return LiveEvidence(tuple(gathered), (_header(question), *found), investigation)


def _header(question: Investigation) -> Document:
    return Document("bundle.yaml", text_of_header(question))


def _gaps(gathered: Gathered) -> Iterable[str]:
    if gathered.status is CollectedStatus.UNAVAILABLE:
        yield f"{gathered.source} could not be seen: {gathered.detail}"
    elif gathered.truncated:
        yield f"{gathered.source} holds more than was taken; the newest was ({gathered.detail})"
