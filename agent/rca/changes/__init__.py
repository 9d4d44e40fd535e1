"""Which change explains the symptom, or that none does.

Belongs here: the mechanism by which a diff breaks things held against what is seen, and causes outside of the code.
Does not belong here: recency (most changes before an incident are innocent), or where the fault shows, which other
lines tell.
"""

import re

from agent.domain.claim import NO_COMMIT, Claim, Quote, Statement
from agent.domain.investigation import Investigation
from agent.rca.changes.judging import Verdict, verdicts_of
from agent.rca.changes.outside import OUTSIDE, Outside
from agent.rca.changes.symptoms import Symptom, first_match, symptoms_of
from agent.rca.changes.uncommitted import UNCOMMITTED, with_uncommitted

SUSPECTED = 0.6
"""The score from which a commit is held to be the cause."""
SURE = 0.85
"""The score from which a commit is suspected although something outside of the code shows too."""
CLAIMS = 3


def claims_of_changes(investigation: Investigation) -> tuple[Claim, ...]:
    """The suspected commits, the likeliest first; where none is suspected and something else shows, that none is."""
    investigation = with_uncommitted(investigation)
    if not investigation.commits:
        return ()
    symptoms = symptoms_of(investigation)
    outside = next(((one, hit) for one in OUTSIDE if (hit := first_match(symptoms, one.seen)) is not None), None)
    verdicts = verdicts_of(investigation, symptoms)
    suspected = [verdict for verdict in verdicts if verdict.score >= _bar(verdict, outside)]
    claims = [_blamed(verdict, investigation) for verdict in suspected[:CLAIMS]]
    if suspected:
        return tuple(claim for claim in claims if claim is not None)
    if outside is not None and outside[1].path:
        return (_outside(*outside, investigation),)
    return _nobody(symptoms, investigation)


def _bar(verdict: Verdict, outside: tuple[Outside, Symptom] | None) -> float:
    if outside is None or (verdict.mechanism and outside[0].name in verdict.mechanism.despite):
        return SUSPECTED
    return SURE


def _passage(text: str) -> str:
    """The longest piece without quotation marks, set in them: what is quoted can be held against the quotes."""
    return f'"{max(text.split(chr(34)), key=len).strip()}"'


def _blamed(verdict: Verdict, investigation: Investigation) -> Claim | None:
    commit, mechanism = verdict.commit, verdict.mechanism
    quotes = _diff_quotes(verdict, investigation)
    if verdict.symptom.path:
        quotes.append(Quote(verdict.symptom.path, verdict.symptom.text[:300], "what is then seen"))
    if not quotes:
        return None
    title = commit.message.split("\n", 1)[0]
    committed = commit.sha != UNCOMMITTED
    told = f"Commit {commit.sha[:9]} ({title[:100]})" if committed else "A change that is not committed"
    told += f" {mechanism.told if mechanism else 'changed the code that fails'}: "
    told += _passage(verdict.line[:120]) if verdict.line else ", ".join(commit.files[:2])
    return Claim(
        line="changes",
        rule=mechanism.name if mechanism else "failing-code-changed",
        category=mechanism.category if mechanism else "code-defect",
        subject=_component(investigation),
        cause=" ".join(told.split()[:60]),
        strength=min(1.0, verdict.score),
        evidence=tuple(quotes),
        commit=commit.sha if committed else NO_COMMIT if "commit" in investigation.asks else None,
        files=(*((verdict.place,) if verdict.place else ()), *commit.files),
        fix=f"Revert {commit.sha[:9]}."
        if committed
        else "Put the change aside (`git stash`), or mend it (`git diff`).",
        supports=()
        if committed
        else (Statement("the change is not committed: no commit holds it", tuple(quotes[:1])),),
    )


def _outside(outside: Outside, symptom: Symptom, investigation: Investigation) -> Claim:
    hit = outside.seen.search(symptom.text)
    return Claim(
        line="changes",
        rule=outside.name,
        category=outside.category,
        subject=_component(investigation),
        cause=" ".join(f"No commit is to blame: {outside.told}: {_passage(_around(symptom, hit))}.".split()[:60]),
        strength=0.8,
        evidence=(Quote(symptom.path, symptom.text[:300], outside.told),),
        commit=NO_COMMIT,
    )


def _around(symptom: Symptom, hit: re.Match[str] | None) -> str:
    return symptom.text[max(0, hit.start() - 40) : hit.end() + 60] if hit else symptom.text[:100]


def _nobody(symptoms: tuple[Symptom, ...], investigation: Investigation) -> tuple[Claim, ...]:
    """No mechanism fits: said only where it was asked, and without much strength."""
    quotable = next((symptom for symptom in symptoms if symptom.path), None)
    if "commit" not in investigation.asks or quotable is None:
        return ()
    subject = _component(investigation)
    claim = Claim(
        line="changes",
        rule="no-mechanism-fits",
        category="unknown",
        subject=subject,
        cause=f"{subject} fails as {quotable.path} shows, {_passage(quotable.text[-160:])}; "
        "no commit has a mechanism that explains it.",
        strength=0.2,
        evidence=(Quote(quotable.path, quotable.text[:300], f"what is seen of {subject}"),),
        commit=NO_COMMIT,
    )
    return (claim,)


def _diff_quotes(verdict: Verdict, investigation: Investigation) -> list[Quote]:
    path = next((record.path for record in investigation.records if verdict.commit.sha in record.path), None)
    return [Quote(path, verdict.line, "what the commit changed")] if path and len(verdict.line) >= 8 else []


def _component(investigation: Investigation) -> str:
    """The component that the alert names, of those that logs or metrics are there of; else the first of them."""
    names = [*(log.subject for log in investigation.logs), *(one.subject for one in investigation.series)]
    names += [deploy.service for deploy in investigation.deploys]
    text = f"{investigation.title} {investigation.alert}"
    places = {name: hit.start() for name in names if (hit := re.search(rf"\b{re.escape(name)}\b", text))}
    return min(places, key=lambda name: (places[name], name), default=names[0] if names else "repository")
