"""What the agent found about a release that failed: cause, how sure, the text that shows it, and what to run. Pure."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from agent.domain.claim import HEALTHY
from agent.domain.diagnosis import Diagnosis

LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first cause. `quote` stands in the evidence at `file`; `command` shows more of it."""

    category: str
    subject: str
    cause: str
    confidence: float
    quote: str
    file: str
    command: str


def finding_of(diagnosis: Diagnosis, *, context: str, namespace: str) -> Finding | None:
    """The finding, or None where nothing wrong was seen."""
    if not diagnosis.findings or diagnosis.findings[0].claim.category == HEALTHY:
        return None
    cause = diagnosis.findings[0]
    claim = cause.claim
    quote = next((each for each in claim.evidence if each.path.startswith("logs/")), claim.evidence[0])
    wanted = (*claim.confirm, _shown_by(quote.path), *(one.command for one in cause.missing))
    command = next((each for each in wanted if each.startswith("kubectl ")), "kubectl get events")
    return Finding(
        category=claim.category,
        subject=claim.subject,
        cause=claim.cause,
        confidence=round(cause.confidence, 4),
        quote=" ".join(quote.text.split())[:LONGEST],
        file=quote.path,
        command=_at(command, context, namespace),
    )


def lines_of_finding(finding: Mapping[str, Any]) -> Iterator[str]:
    """The finding for people, below the error that it explains.

    >>> for line in lines_of_finding({"category": "crash-loop", "subject": "app", "cause": "It ends with 3.",
    ...         "confidence": 0.9, "quote": "no such setting", "file": "app.log", "command": "kubectl get events"}):
    ...     print(line)
    finding: crash-loop in app (90%): It ends with 3.
      | no such setting
        app.log
      look: kubectl get events
    """
    yield f"finding: {finding['category']} in {finding['subject']} ({finding['confidence']:.0%}): {finding['cause']}"
    yield f"  | {finding['quote']}"
    yield f"    {finding['file']}"
    yield f"  look: {finding['command']}"


def _shown_by(path: str) -> str:
    """The command that a file of the evidence is the output of."""
    if path.startswith("logs/"):
        name = unquote(path.removeprefix("logs/").removesuffix(".log"))
        pod, _, container = name.removesuffix(".previous").partition("/")
        words = ["kubectl logs", pod, *([f"-c {container}"] if container else [])]
        return " ".join([*words, *(["--previous"] if name.endswith(".previous") else [])])
    verb, _, kind = path.removeprefix("kubernetes/").removesuffix(".txt").partition("-")
    return f"kubectl {verb} {kind}" if path.startswith("kubernetes/") and kind else ""


def _at(command: str, context: str, namespace: str) -> str:
    """The command with the environment's context and namespace: it is never to run elsewhere."""
    words = command.partition(" ")[2]
    named = "" if " -n " in command or "--namespace" in command else f" -n {shlex.quote(namespace)}"
    return f"kubectl --context {shlex.quote(context)}{named} {words}"
