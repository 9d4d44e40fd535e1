"""One answer against its label, all measures at once."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.domain.claim import HEALTHY
from agent.evaluation.case import Expected, Judgement, culprit_rank, mention_share, same_commit
from agent.evaluation.quotes import comparable, is_backed

Answer = Mapping[str, Any]


def judge(
    case: str,
    expected: Expected,
    answer: Answer,
    *,
    texts: Sequence[str],
    categories: Mapping[str, str] | None = None,
    right_by: str = "culprit",
) -> Judgement:
    """The judgement of one answer.

    `texts` are the bundle's files as `quotes.comparable` text, bundle.yaml left out. `categories` maps our ids to
    the set's labels (an id that is missing stands for itself). `right_by` names the measure that counts as right for
    this set: `culprit`, `category`, `commit` or `mention`. To say that a culprit is well is never right.
    """
    findings = [finding for finding in answer.get("findings") or () if isinstance(finding, Mapping)]
    if not findings:
        measures = _measured({}, findings, expected, categories or {})
        return Judgement(
            case=case, case_set=expected.case_set, abstained=True, confidence=None, right=False, **measures
        )
    top = findings[0]
    measures = _measured(top, findings, expected, categories or {})
    rights = {
        "culprit": measures["culprit_rank"] == 1,
        "category": bool(measures["category"]),
        "commit": bool(measures["commit"]),
        "mention": bool(measures["mention"]),
    }
    well = str(top.get("category")) == HEALTHY and expected.category not in {None, HEALTHY}
    backed = [is_backed(_quotes(finding), texts) for finding in findings]
    confidence = _share(top.get("confidence"))
    return Judgement(
        case=case,
        case_set=expected.case_set,
        abstained=False,
        confidence=confidence,
        right=rights[right_by] and not well,
        logdx=_logdx(top, expected, measures, texts, confidence) if expected.case_set == "logdx-ci" else None,
        findings=len(findings),
        backed=sum(backed),
        **measures,
    )


def _measured(
    top: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], expected: Expected, categories: Mapping[str, str]
) -> dict[str, Any]:
    rank = culprit_rank(findings, expected.culprits) if expected.culprits else None
    category = str(top.get("category") or "")
    share = mention_share(str(top.get("cause") or ""), expected.must_mention)
    commit = top.get("commit")
    return {
        "has_culprit": bool(expected.culprits),
        "culprit_rank": rank,
        "category": None if expected.category is None else categories.get(category, category) == expected.category,
        "metric": None if expected.metric is None else rank == 1 and top.get("metric") == expected.metric,
        "commit": None if expected.commit is None else bool(top) and same_commit(commit, expected.commit),
        "decoy": commit is not None and any(same_commit(commit, decoy) for decoy in expected.decoys),
        "mention": None if share is None else share == 1,
        "mention_share": share,
    }


def _logdx(
    top: Mapping[str, Any],
    expected: Expected,
    measures: Mapping[str, Any],
    texts: Sequence[str],
    confidence: float | None,
) -> float:
    """The weights of LogDx-CI's `diagnosis_score_v1_1`; a related category is not known here and earns nothing."""
    said = " ".join(
        [str(top.get("cause") or ""), str(top.get("fix") or ""), *_quotes(top), *_names(top, "files", "tests")]
    )
    signals = [re.search(pattern, said, re.IGNORECASE) is not None for pattern in expected.signals]
    score = 0.25 * bool(measures["category"])
    score += 0.30 * (sum(signals) / len(signals) if signals else 1.0)
    score += 0.20 * (measures["mention_share"] if measures["mention_share"] is not None else 1.0)
    score += 0.10 * _found(_names(top, "files"), expected.files)
    score += 0.10 * _found(_names(top, "tests"), expected.tests)
    score += 0.05 * is_backed(_quotes(top), texts)
    forbidden = any(comparable(claim).lower() in comparable(said).lower() for claim in expected.must_not_claim)
    sure_and_wrong = (confidence or 0.0) >= 0.8 and not measures["category"]
    return max(0.0, score - 0.25 * forbidden - 0.25 * sure_and_wrong)


def _found(named: Sequence[str], wanted: Sequence[str]) -> float:
    """The share of the wanted names that were named, an ending of a path counting; 0 where none are labelled."""
    if not wanted:
        return 0.0
    hits = sum(any(each.endswith(name) or name.endswith(each) for name in named if name) for each in wanted)
    return hits / len(wanted)


def _quotes(finding: Mapping[str, Any]) -> list[str]:
    evidence = finding.get("evidence") or ()
    return [str(piece.get("quote") or "") if isinstance(piece, Mapping) else str(piece) for piece in evidence]


def _names(finding: Mapping[str, Any], *keys: str) -> list[str]:
    return [str(name) for key in keys for name in finding.get(key) or ()]


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None
