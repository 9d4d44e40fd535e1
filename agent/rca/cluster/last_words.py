"""Why a container ends is what its own log said last."""

import dataclasses
import re
from datetime import UTC

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.domain.investigation import Investigation, LogFile
from agent.normalize.kubernetes import KubeObject
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.log_line import parsed
from agent.rca.logs.frames import frame_in, is_frame

LOOKED_AT = 400
WORDS = 22
STRENGTH = 0.62
"""Of a crash whose log says why: more than where only the exit code is known."""
SILENT = 0.4
"""And of one whose log only says what it turned to last."""
LAST = 10
_STORES = {
    "redis": "cache or database", "valkey": "cache or database", "memcached": "cache", "kafka": "broker",
    "rabbitmq": "broker", "amqp": "broker", "nats": "broker",
}  # fmt: skip
_OUTSIDE = re.compile(
    r"\b(?:redis|valkey|memcached|kafka|rabbitmq|amqp|nats|mongo(?:db)?|postgres(?:ql)?|mysql|mariadb|database|"
    r"cassandra|elasticsearch|opensearch)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"error|exception|fatal|panic|fail|cannot|can't|could not|unable|denied|refused|not found|invalid|missing|no such|"
    r"required|unknown|undefined|unresolved|segfault|killed",
    re.IGNORECASE,
)
_STAMP = re.compile(r"^\W*\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\W*")
_OWN_ERROR = re.compile(
    r"\bpanic: |\bTraceback \(most recent|\bException in thread|\bUnhandled(?:PromiseRejection| exception)"
)
"""Words of a program that gave up by itself, for a reason of no category of its own."""
_HOLLOW = re.compile(
    r"^(?:error: )?(?i:error from server)|^npm (?:ERR|error)!? (?:code|errno|A complete log|path|command)|"
    r"exit (?:code|status) \d+$|^\s*$"
)


def with_last_words(claim: Claim, pod: KubeObject, investigation: Investigation) -> Claim:
    """The claim of a crash with the last complaint of the container's log; any other claim as it is."""
    if claim.rule != "container-crashes":
        return claim
    logs = [log for log in investigation.logs if pod.name in log.subject or workload_of(log.subject) == pod.workload]
    for log in sorted(logs, key=lambda log: (not log.previous, log.path)):
        line = _last_complaint(log)
        if line is None:
            continue
        said = " ".join(_STAMP.sub("", _words_of(line)).split()[:WORDS])
        frame = frame_in(log.lines[-LOOKED_AT:])
        head = " ".join(claim.cause.split()[: CAUSE_WORDS - WORDS - 5])
        return dataclasses.replace(
            claim,
            category="application-error" if _OWN_ERROR.search(line) else claim.category,
            cause=f'{head} Its log says: "{said}"',
            strength=STRENGTH,
            evidence=(*claim.evidence, Quote(log.path, line.strip()[:400], "the last complaint of its log")),
            files=(frame[0],) if frame else (),
        )
    return _with_what_it_turned_to(claim, logs)


def _with_what_it_turned_to(claim: Claim, logs: list[LogFile]) -> Claim:
    """Of a log without a complaint what it spoke of last that is not in the program: a store, a broker, a cache.

    Programs that end without a word do so mostly at the first use of something outside that is not as they want it.
    """
    for log in logs:
        for line in reversed(log.lines[-LAST:]):
            found = _OUTSIDE.search(line[:1000])
            if found is None:
                continue
            what = found[0].lower()
            kind = _STORES.get(what, "database")
            head = " ".join(claim.cause.split()[: CAUSE_WORDS - WORDS - 22])
            said = " ".join(_STAMP.sub("", line).split()[: WORDS - 6])
            return dataclasses.replace(
                claim,
                category="dependency-unreachable",
                cause=(
                    f'{head} Its log has no complaint; it turned to {what} ({kind}) before it ended: "{said}". That '
                    f"{kind} may be unreachable, or not fit its client (driver)."
                ),
                strength=SILENT,
                evidence=(*claim.evidence, Quote(log.path, line.strip()[:400], "what it turned to before it ended")),
            )
    return claim


def _words_of(line: str) -> str:
    """What a structured line says in words, with its error; any other line as it is."""
    entry = parsed(line[:1000].encode("utf-8", "replace"), zone=UTC)
    if not entry.document:
        return line
    error = next((str(entry.document[key]) for key in ("error", "err") if entry.document.get(key)), "")
    return f"{entry.message}: {error}" if error else entry.message


def _last_complaint(log: LogFile) -> str | None:
    lines = [line for line in log.lines[-LOOKED_AT:] if len(line.strip()) >= 8 and not is_frame(line)]
    spoken = [line[:1000] for line in lines if _SPEAKS.search(line[:1000]) and not _HOLLOW.search(line)]
    return spoken[-1] if spoken else None
