"""Why a container ends is what its own log said last."""

import dataclasses
import re

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.domain.investigation import Investigation, LogFile
from agent.normalize.kubernetes import KubeObject
from agent.normalize.kubernetes.describe import workload_of
from agent.rca.logs.frames import frame_in, is_frame

LOOKED_AT = 400
WORDS = 22
STRENGTH = 0.62
"""Of a crash whose log says why: more than where only the exit code is known."""
_SPEAKS = re.compile(
    r"error|exception|fatal|panic|fail|cannot|can't|could not|unable|denied|refused|not found|invalid|missing|no such|"
    r"required|unknown|undefined|unresolved|segfault|killed",
    re.IGNORECASE,
)
_STAMP = re.compile(r"^\W*\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\W*")
_HOLLOW = re.compile(r"^npm (?:ERR|error)!? (?:code|errno|A complete log|path|command)|exit (?:code|status) \d+$|^\s*$")


def with_last_words(claim: Claim, pod: KubeObject, investigation: Investigation) -> Claim:
    """The claim of a crash with the last complaint of the container's log; any other claim as it is."""
    if claim.rule != "container-crashes":
        return claim
    logs = [log for log in investigation.logs if pod.name in log.subject or workload_of(log.subject) == pod.workload]
    for log in sorted(logs, key=lambda log: (not log.previous, log.path)):
        line = _last_complaint(log)
        if line is None:
            continue
        said = " ".join(_STAMP.sub("", line).split()[:WORDS])
        frame = frame_in(log.lines[-LOOKED_AT:])
        head = " ".join(claim.cause.split()[: CAUSE_WORDS - WORDS - 5])
        return dataclasses.replace(
            claim,
            cause=f'{head} Its log says: "{said}"',
            strength=STRENGTH,
            evidence=(*claim.evidence, Quote(log.path, line.strip()[:400], "the last complaint of its log")),
            files=(frame[0],) if frame else (),
        )
    return claim


def _last_complaint(log: LogFile) -> str | None:
    lines = [line for line in log.lines[-LOOKED_AT:] if len(line.strip()) >= 8 and not is_frame(line)]
    spoken = [line[:1000] for line in lines if _SPEAKS.search(line[:1000]) and not _HOLLOW.search(line)]
    return spoken[-1] if spoken else None
