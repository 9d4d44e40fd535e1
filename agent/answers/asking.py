"""What a question asks for, recognised by its words. Simple on purpose: what is not recognised is said, not guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.domain import Severity

DEFAULT_COUNT = 50
MOST_COUNT = 1_000


class Intent(StrEnum):
    """The kinds of questions that are answered from the evidence."""

    RECENT_LOGS = "recent-logs"
    WHAT_FAILED = "what-failed"
    WHY_NOT_READY = "why-not-ready"
    WHAT_CHANGED = "what-changed"
    ROOT_CAUSE = "root-cause"
    SUGGESTED_FIX = "suggested-fix"
    WHAT_WOULD_CONFIRM = "what-would-confirm"
    SIMILAR_INCIDENTS = "similar-incidents"
    NOT_UNDERSTOOD = "not-understood"


EXAMPLES = (
    "show me recent logs",
    "what failed?",
    "why is {service} not ready?",
    "what changed since it worked?",
    "what is the root cause?",
    "how do I fix it?",
    "what would confirm it?",
    "have we seen this before?",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood: about which of the stack's services (none means all), how many, how bad at least.

    `strangers` are words that stand where a service should and are none; `services` are all the stack has.
    """

    text: str
    intent: Intent
    subjects: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    count: int = DEFAULT_COUNT
    severity: Severity | None = None


_CAUSE = re.compile(r"\broot[- ]cause|\bcaus(?:e|es|ed)\b|\bto blame\b|\bculprit\b|\bdiagnos|\banaly[sz]e\b")
_WHY = re.compile(r"\bwhy\b|\bslow|\blatency\b|\bhow come\b|\breason\b")
_CONFIRM = re.compile(
    r"\bconfirm|\bverif|\brefut|\brule (?:it |that )?out\b|\bprov(?:e|es|en)\b|\b(?:be|make|how) (?:\w+ )?sure\b"
    r"|\bevidence\b.*\bmissing\b|\bmissing\b.*\bevidence\b"
)
_SIMILAR = re.compile(
    r"\bsimilar|\b(?:seen|happen(?:ed)?|had|met|broken?|occur(?:red)?)\b.*\bbefore\b"
    r"|\blike this\b|\brecurr|\blast time\b"
)
_FIX = re.compile(
    r"\bfix|\bremed|\bresolv|\brepair|\bmend\b|\bsolv|\bsolution|\bsuggest|\bwhat (?:should|can|do|shall) (?:i|we) do\b"
)
_CHANGED = re.compile(r"\bchang|\bdiffer|\bcommit|\bmodif|\bsince it (?:last )?work|\bwhat(?:'s| is) new\b")
_LOGS = re.compile(r"\blogs?\b|\blog (?:entries|lines)\b|\bprint(?:ed)?\b|\boutput\b")
_NOT_READY = re.compile(
    r"\b(?:un(?:healthy|ready|available)"
    r"|not (?:yet )?(?:ready|healthy|up|running|starting|working|available|responding)"
    r"|(?:isn|doesn|won|aren|wouldn|can)['’]?t\b.*\b(?:ready|healthy|up|run|running|start|starting|work|working|respond)"
    r"|(?:not|never) (?:start|come up|become|get|respond|answer)|stuck|degraded|down|ready|healthy)\b"
)
_FAILED = re.compile(
    r"\bfail|\bbroke|\bbreak|\berrors?\b|\bwrong\b|\bcrash|\bexception|\bproblems?\b|\bincident|\bdied?\b"
    r"|\bwhat happened|\bstatus\b|\bok\b|\bfine\b"
)
_COUNT = re.compile(
    r"\b(?:last|recent|latest|newest|first|show(?: me)?)?\s*(\d{1,6})\b(?!\s*(?:s|m|h|d|min|hour|day|sec))"
)
_STRANGER = re.compile(r"\bwhy\s+(?:is|isn['’]?t|does|doesn['’]?t|won['’]?t)\s+(?:the\s+)?([a-z0-9][\w-]*)")
_PLAIN = frozenset(
    {"it", "this", "that", "everything", "anything", "stack", "not", "my", "there", "service", "all", "any"}
)
_ALIASES = {"postgresql": "postgres", "database": "postgres", "db": "postgres", "valkey": "redis", "cache": "redis"}
_ALIASES |= {"application": "app", "broker": "kafka"}


def understood(text: str, services: Sequence[str]) -> Question:
    """The question, as far as its words tell."""
    words = text.lower()
    subjects = _subjects(words, services)
    intent = _intent(words)
    count = _COUNT.search(words)
    stranger = _STRANGER.search(words) if intent is Intent.WHY_NOT_READY and not subjects else None
    return Question(
        text=text,
        intent=intent,
        subjects=subjects,
        strangers=(stranger[1],) if stranger and stranger[1] not in _PLAIN else (),
        services=tuple(services),
        count=min(MOST_COUNT, max(1, int(count[1]))) if count and intent is Intent.RECENT_LOGS else DEFAULT_COUNT,
        severity=_severity(words) if intent is Intent.RECENT_LOGS else None,
    )


_SHAPES = (
    (_CONFIRM, Intent.WHAT_WOULD_CONFIRM),
    (_SIMILAR, Intent.SIMILAR_INCIDENTS),
    (_CAUSE, Intent.ROOT_CAUSE),
    (_CHANGED, Intent.WHAT_CHANGED),
    (_LOGS, Intent.RECENT_LOGS),
    (_FIX, Intent.SUGGESTED_FIX),
    (_NOT_READY, Intent.WHY_NOT_READY),
    (_WHY, Intent.ROOT_CAUSE),
    (_FAILED, Intent.WHAT_FAILED),
)
"""The first shape that fits tells what is asked."""


def _intent(words: str) -> Intent:
    return next((intent for shape, intent in _SHAPES if shape.search(words)), Intent.NOT_UNDERSTOOD)


def _subjects(words: str, services: Sequence[str]) -> tuple[str, ...]:
    named = {name for name in services if re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", words)}
    named |= {name for word, name in _ALIASES.items() if name in services and re.search(rf"\b{word}\b", words)}
    return tuple(name for name in services if name in named)


def _severity(words: str) -> Severity | None:
    if re.search(r"\berrors?\b", words):
        return Severity.ERROR
    return Severity.WARN if re.search(r"\bwarn(?:ing)?s?\b", words) else None
