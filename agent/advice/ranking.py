"""Which suggestion comes first: by priority, then by what this team acts on; what it dismissed stays out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.domain.suggestion import Feedback, Priority, Suggestion, Verdict

DISMISSALS = 2
"""So many more dismissals than acceptances of a rule's suggestions, and its others come one priority lower."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A suggestion in its place. `verdict` is the team's newest word on it; `note` says why it stands there."""

    suggestion: Suggestion
    priority: Priority
    verdict: Verdict | None = None
    reason: str = ""
    note: str = ""


def ranked(suggestions: Iterable[Suggestion], feedback: Iterable[Feedback], project: str) -> tuple[Ranked, ...]:
    """All of them, the dismissed ones last; each id once. What other projects were told counts for the rule alone."""
    words = {(one.project, one.suggestion_id): one for one in sorted(feedback, key=lambda one: one.at)}
    said = {number: one for (where, number), one in words.items() if where == project}
    liking = Counter[str]()
    for one in words.values():
        liking[one.rule] += 1 if one.verdict is Verdict.ACCEPTED else -1
    known: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        known.setdefault(suggestion.id, suggestion)
    places = [_placed(one, said.get(one.id), liking[one.rule]) for one in known.values()]
    return tuple(sorted(places, key=lambda place: _order(place, liking)))


def at_least(places: Iterable[Ranked], priority: Priority, *, dismissed: bool) -> tuple[Ranked, ...]:
    """Those as urgent as this, without the dismissed ones unless wanted."""
    return tuple(
        place
        for place in places
        if place.priority.rank <= priority.rank and (dismissed or place.verdict is not Verdict.DISMISSED)
    )


def _placed(suggestion: Suggestion, said: Feedback | None, liking: int) -> Ranked:
    place = Ranked(suggestion, suggestion.priority)
    if said is not None:
        return replace(place, verdict=said.verdict, reason=said.reason)
    if liking <= -DISMISSALS and suggestion.priority is not Priority.LOW:
        note = f"one priority lower: your team dismissed {-liking} more of this kind than it accepted"
        return replace(place, priority=suggestion.priority.reduced, note=note)
    return replace(place, note="your team acts on this kind" if liking > 0 else "")


def _order(place: Ranked, liking: Counter[str]) -> tuple[object, ...]:
    one = place.suggestion
    return (
        place.verdict is Verdict.DISMISSED,
        place.priority.rank,
        place.verdict is not Verdict.ACCEPTED,
        -liking[one.rule],
        one.rule,
        one.evidence[0].place,
        one.evidence[0].line or 0,
        one.subject,
    )
