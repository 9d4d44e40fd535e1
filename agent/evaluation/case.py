"""One labelled case: what the answer should have been, and how one given answer compares with it.

The shapes are those of the answer format in docs/agent-eval.md: `findings`, best first, each a mapping. Everything
here is forgiving towards the answer (it may come from another tool) and strict towards the label.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CAUSE_WORDS = 60
_POD_SUFFIX = re.compile(r"(-[a-f0-9]{6,10})?-[a-z0-9]{5}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The label of one case; fields that its set does not label are empty or None."""

    case_set: str
    culprits: tuple[str, ...] = ()
    category: str | None = None
    metric: str | None = None
    commit: str | None = None
    decoys: tuple[str, ...] = ()
    must_mention: tuple[str, ...] = ()
    must_not_claim: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One answer against its label; `None` where the label has nothing to compare with."""

    case: str
    case_set: str
    abstained: bool
    confidence: float | None
    right: bool | None
    culprit_rank: int | None = None
    has_culprit: bool = False
    category: bool | None = None
    metric: bool | None = None
    commit: bool | None = None
    decoy: bool = False
    mention: bool | None = None
    mention_share: float | None = None
    logdx: float | None = None
    findings: int = 0
    backed: int = 0
    seconds: float | None = None
    peak_mib: float | None = None


def expected_of(data: Mapping[str, Any]) -> Expected:
    """The label from the mapping in `<case>.expected.yaml`; unknown keys are left aside."""
    signals = data.get("required_signals") or ()
    return Expected(
        case_set=str(data["set"]),
        culprits=_texts(data.get("culprits")),
        category=_text(data.get("category")),
        metric=_text(data.get("metric")),
        commit=_text(data.get("commit")),
        decoys=_texts(data.get("decoys")),
        must_mention=_texts(data.get("must_mention")),
        must_not_claim=_texts(data.get("must_not_claim")),
        signals=tuple(
            "|".join(re.escape(word) for word in words)
            for signal in signals
            if isinstance(signal, Mapping) and signal.get("importance") == "critical" and (words := _words_of(signal))
        ),
        files=_texts(data.get("relevant_files")),
        tests=_texts(data.get("relevant_tests")),
    )


def subject_key(subject: str) -> str:
    """A subject as culprits are compared: `kind/` and a pod's generated suffix do not count, nor does case."""
    return _POD_SUFFIX.sub("", subject.rsplit("/", 1)[-1].strip().lower()) if "::" not in subject else subject.lower()


def culprit_rank(findings: Sequence[Mapping[str, Any]], culprits: Sequence[str]) -> int | None:
    """The place, from 1, of the first culprit among the distinct subjects; `None` when none is named."""
    wanted = {key for culprit in culprits for key in (culprit.lower(), subject_key(culprit))}
    distinct: dict[str, None] = {}
    for finding in findings:
        distinct.setdefault(subject_key(str(finding.get("subject") or "")), None)
    return next((place for place, key in enumerate(distinct, start=1) if key in wanted), None)


def mention_share(cause: str, patterns: Sequence[str]) -> float | None:
    """The share of the patterns that match the first 60 words of the cause, case aside; `None` without patterns."""
    if not patterns:
        return None
    head = " ".join(cause.split()[:CAUSE_WORDS])
    return sum(re.search(pattern, head, re.IGNORECASE) is not None for pattern in patterns) / len(patterns)


def same_commit(answer: object, commit: str) -> bool:
    """Whether the answer is the commit, by seven leading digits or more, or both are `none`."""
    given = str(answer or "").strip().lower()
    if commit == "none" or given == "none":
        return given == commit
    return len(given) >= 7 and commit.startswith(given)


def _words_of(signal: Mapping[str, Any]) -> tuple[str, ...]:
    """What may be said for a signal: its value, or its file where it has none, or an alias."""
    named = signal.get("value") or signal.get("file")
    return (*((str(named),) if named else ()), *_texts(signal.get("aliases")))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()
