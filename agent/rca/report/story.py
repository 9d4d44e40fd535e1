"""The incident in order of time, chosen around the first cause: changes, metrics that stepped, first complaints."""

from collections.abc import Iterator
from datetime import UTC, datetime

from agent.domain.claim import Quote
from agent.domain.diagnosis import Moment, RankedCause
from agent.domain.investigation import Investigation
from agent.domain.telemetry import Series
from agent.normalize.kubernetes.describe import workload_of
from agent.rca.anomaly import reference_of, score
from agent.rca.logs.complaints import Complaint, complaints_of
from agent.rca.logs.weighing import newness_of
from agent.rca.metrics.cells import row_quotes
from agent.rca.metrics.measuring import NOTABLE, Anomaly, measured
from agent.rca.periods import Periods, onset_in, periods_of
from agent.rca.report.cluster_events import cluster_events
from agent.rca.report.counting import rate_of

MOST = 14
METRICS, COMPLAINTS, CHANGES = 5, 2, 6
LOGS = 3
"""Components whose complaints are told."""


def story_of(investigation: Investigation, causes: tuple[RankedCause, ...]) -> tuple[Moment, ...]:
    """At most `MOST` moments; those of the first cause's component go before others where there are too many."""
    subjects = list(dict.fromkeys(workload_of(cause.claim.subject.rsplit("/", 1)[-1]) for cause in causes))
    commits = {cause.claim.commit for cause in causes[:1]}
    moments = [
        *_changes(investigation, commits),
        *_metrics(investigation, subjects),
        *_complaints(investigation, subjects[:LOGS]),
        *cluster_events(investigation, subjects[:LOGS]),
        *_alert(investigation),
    ]
    first = subjects[0] if subjects else ""
    chosen = sorted(moments, key=lambda one: (one.subject != first and one.kind != "alert.raised", one.at))[:MOST]
    return tuple(sorted(chosen, key=lambda one: (one.at, one.kind, one.subject, one.text)))


def _changes(investigation: Investigation, commits: set[str | None]) -> Iterator[Moment]:
    onset = onset_in(investigation)
    moment = datetime.fromtimestamp(onset, UTC) if onset is not None else investigation.alert_at
    latest = moment or datetime.max.replace(tzinfo=UTC)
    deploys = [one for one in investigation.deploys if one.at <= latest or one.sha in commits]
    for deploy in deploys[-CHANGES:]:
        quote = _line(investigation, "notes/deploys", deploy.sha[:9])
        text = f"deploy of {deploy.service} ({deploy.sha[:9]})"
        yield Moment(at=deploy.at, kind="deploy.made", subject=deploy.service, text=text, quote=quote)
    for commit in investigation.commits:
        if commit.sha in commits:
            title = commit.message.split("\n", 1)[0][:80]
            quote = _line(investigation, "git/commits", commit.sha)
            text = f"commit {commit.sha[:9]}: {title}"
            yield Moment(at=commit.at, kind="commit.made", subject="repository", text=text, quote=quote)


def _metrics(investigation: Investigation, subjects: list[str]) -> Iterator[Moment]:
    periods = periods_of(investigation)
    if periods is None:
        return
    found = sorted(
        measured(investigation),
        key=lambda one: (one.series.subject not in subjects[:1], -one.score, one.series.subject, one.series.metric),
    )
    for anomaly in found[:METRICS]:
        at = _began(anomaly, periods)
        unit = " a second" if anomaly.counter else ""
        went = f"{_told(anomaly.reference.middle)} -> {_told(anomaly.value)}{unit}"
        change = "rose" if anomaly.rise > 0 else "fell"
        yield Moment(
            at=datetime.fromtimestamp(at, UTC),
            kind="metric.changed",
            subject=anomaly.series.subject,
            text=f"{anomaly.series.metric} of {anomaly.series.subject} {change} ({went})",
            quote=next(iter(row_quotes(anomaly.series, at, investigation.records, "the first row that is off")), None),
        )


def _began(anomaly: Anomaly, periods: Periods) -> float:
    """The first row since onset that is at least a third as far off as the farthest."""
    series: Series = anomaly.series
    if anomaly.counter:
        return anomaly.at
    reference = reference_of(periods.normal(series)) or anomaly.reference
    least = max(NOTABLE, abs(score(anomaly.value, reference)) / 3)
    return next((at for at, value in periods.during(series) if abs(score(value, reference)) >= least), anomaly.at)


def _complaints(investigation: Investigation, subjects: list[str]) -> Iterator[Moment]:
    for log in investigation.logs:
        if workload_of(log.subject) not in subjects:
            continue
        mine = (one for one in complaints_of(investigation) if one.path == log.path)
        new = [one for one in mine if newness_of(one) > 0 and one.at is not None]
        new.sort(key=lambda one: (-newness_of(one) * one.count, one.template))
        for one in new[:COMPLAINTS]:
            text = " ".join(one.template.split()[:18])
            yield Moment(
                at=datetime.fromtimestamp(one.at or 0.0, UTC),
                kind="log.complaint",
                subject=log.subject,
                text=f'{log.subject}: "{text}" ({_often(one)})',
                quote=Quote(log.path, one.first.strip()[:300], "the first of them") if one.first.strip() else None,
            )


def _often(complaint: Complaint) -> str:
    if complaint.count == 1:
        return "once"
    return f"first of {complaint.count:,}, {rate_of(complaint.count, complaint.count / complaint.rate)}"


def _alert(investigation: Investigation) -> Iterator[Moment]:
    if investigation.alert_at is not None:
        yield Moment(
            at=investigation.alert_at, kind="alert.raised", subject="", text=f"alert: {investigation.title[:100]}"
        )


def _line(investigation: Investigation, folder: str, word: str) -> Quote | None:
    for record in (*investigation.records, *investigation.notes):
        if record.path.startswith(folder) and word in record.text:
            at = record.text.index(word)
            start, end = record.text.rfind("\n", 0, at) + 1, record.text.find("\n", at)
            line = record.text[start : end if end >= 0 else None].strip()
            return Quote(record.path, line[:300], "the change")
    return None


def _told(value: float) -> str:
    """A number for people: bytes-sized ones with their unit's prefix.

    >>> _told(1.25e9), _told(0.05), _told(3.0)
    ('1.25G', '0.05', '3')
    """
    for prefix, factor in (("G", 1e9), ("M", 1e6)):
        if abs(value) >= factor:
            return f"{value / factor:.3g}{prefix}"
    return f"{value:.4g}"
