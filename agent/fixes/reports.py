"""A remembered report's findings as claims again, so that fixes can be found for an incident of last week."""

from collections.abc import Mapping
from typing import Any

from agent.domain.claim import CAUSE_WORDS, Claim, Quote


def claims_in(report: Mapping[str, Any]) -> tuple[Claim, ...]:
    """The claims of a document of schemas/analyze.v1.json, best first. A finding that is none is left out."""
    findings = report.get("findings")
    claims = (
        [_claim(finding) for finding in findings[:20] if isinstance(finding, Mapping)]
        if isinstance(findings, list)
        else []
    )
    return tuple(claim for claim in claims if claim is not None)


def _claim(finding: Mapping[str, Any]) -> Claim | None:
    line, _, rule = str(finding.get("rule", "")).partition("/")
    evidence = finding.get("evidence")
    quotes = tuple(
        Quote(str(one["file"]), str(one["quote"]), str(one.get("reason", "")))
        for one in (evidence if isinstance(evidence, list) else [])
        if isinstance(one, Mapping) and one.get("file") and str(one.get("quote", "")).strip()
    )
    commit = finding.get("commit")
    try:
        return Claim(
            line=line or "report",
            rule=rule,
            category=str(finding["category"]),
            subject=str(finding["subject"]),
            cause=" ".join(str(finding["cause"]).split()[:CAUSE_WORDS]),
            strength=min(1.0, max(0.0, float(finding.get("confidence", 0)))),
            evidence=quotes,
            commit=str(commit) if isinstance(commit, str) else None,
            fixes=tuple(str(fix_id) for fix_id in finding.get("fix_ids", ()) if isinstance(fix_id, str)),
            files=tuple(str(file) for file in finding.get("files", ()) if isinstance(file, str)),
        )
    except (KeyError, TypeError, ValueError):
        return None
