"""The wiring of root cause analysis, from an evidence bundle to its diagnosis; reads as a table of contents."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import orjson
import yaml

from agent.collectors.bundle import read_bundle
from agent.domain.claim import Claim
from agent.domain.diagnosis import Diagnosis, PartSeen
from agent.domain.investigation import Investigation
from agent.rca import LINES, Line
from agent.rca.clocks import clock_gaps
from agent.rca.confidence import Calibration
from agent.rca.crash_words import with_crashes
from agent.rca.last_resort import claims_of_last_resort
from agent.rca.quoting import backed
from agent.rca.rank import ranked
from agent.rca.report import contributing_in, story_of, weighed, with_counts
from agent.rca.settling import settled
from agent.rca.signatures import Pattern, claims_of_patterns, patterns_of, slow_consumers

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same result; the one in C is ten times as fast, and this is paid at every start."""


def diagnose(folder: Path) -> Diagnosis:
    """The diagnosis of a bundle; nothing outside the folder is read, nothing is written.

    Raises `BundleError` where the folder is no bundle.
    """
    return diagnosis_of(read_bundle(folder), shipped_calibration())


def diagnosis_of(investigation: Investigation, calibration: Calibration, patterns: Sequence[Pattern] = ()) -> Diagnosis:
    """What every line of reasoning claims, as far as the evidence backs it, ranked.

    `patterns` are a team's own, tried beside those of this version.
    """
    gaps = [*investigation.gaps, *clock_gaps(investigation)]

    def claims_of_all_patterns(investigation: Investigation, /) -> tuple[Claim, ...]:
        return claims_of_signatures(investigation, patterns)

    lines: tuple[Line, ...] = (*LINES, claims_of_all_patterns)
    claimed = [claim for line in lines for claim in _claims_of(line, investigation, gaps)]
    claims = settled(with_crashes(backed(claimed, investigation)), investigation)
    claims = claims or backed(claims_of_last_resort(investigation), investigation)
    gaps += [gap for claim in claims for gap in claim.gaps]
    causes = with_counts(weighed(ranked(claims, investigation, calibration), claims, investigation), investigation)
    return Diagnosis(
        title=investigation.title,
        alert=investigation.alert,
        findings=causes,
        sources=parts_of(investigation),
        gaps=tuple(dict.fromkeys(gaps)),
        contributing=contributing_in(investigation, causes[0]) if causes else (),
        timeline=story_of(investigation, causes),
    )


def claims_of_signatures(investigation: Investigation, patterns: Sequence[Pattern] = ()) -> tuple[Claim, ...]:
    """What the failure patterns of this version find, and a team's own."""
    known = (*shipped_patterns(), *patterns)
    return (*claims_of_patterns(investigation, known), *slow_consumers(investigation))


def _claims_of(line: Line, investigation: Investigation, gaps: list[str]) -> tuple[Claim, ...]:
    """One line's claims. Evidence is untrusted: what one line stumbles over must not silence the others."""
    try:
        return line(investigation)
    except Exception as error:  # noqa: BLE001 - a bug in one line; named in the report, not hidden
        gaps.append(f"{line.__name__} failed: {type(error).__name__}: {error}")
        return ()


def parts_of(investigation: Investigation) -> tuple[PartSeen, ...]:
    """The parts of a bundle with how much each held."""
    logs, jobs = investigation.logs, investigation.jobs
    counts = {
        "log lines": sum(len(file.lines) for file in logs),
        "CI log lines": sum(len(file.lines) for file in jobs),
        "metrics": len(investigation.series),
        "spans": len(investigation.spans),
        "commits": len(investigation.commits),
        "deploys": len(investigation.deploys),
        "kubernetes outputs": len(investigation.kubernetes),
        "notes": len(investigation.notes),
    }
    return tuple(PartSeen(name, count) for name, count in counts.items())


def shipped_calibration() -> Calibration:
    """The fit that comes with this version."""
    data = orjson.loads((files("agent.rca") / "calibration.json").read_bytes())
    return Calibration(data["intercept"], data["weights"])


@cache
def shipped_patterns() -> tuple[Pattern, ...]:
    """The failure patterns that come with this version, in a fixed order."""
    sources = sorted((entry for entry in (files("agent.rca") / "patterns").iterdir()), key=lambda entry: entry.name)
    texts = [entry.read_text(encoding="utf-8") for entry in sources if entry.name.endswith(".yml")]
    return patterns_of((item for text in texts for item in yaml.load(text, _Loader)), checked=True)  # noqa: S506 - a safe one
