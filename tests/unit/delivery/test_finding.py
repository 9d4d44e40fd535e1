from typing import Any

import pytest

from agent.domain.claim import Claim, Quote
from agent.domain.diagnosis import Diagnosis, RankedCause
from blissful_infra.delivery.finding import finding_of


def diagnosis(category: str, *quotes: Quote, **more: Any) -> Diagnosis:
    claim = Claim(
        line="cluster",
        rule="r",
        category=category,
        subject="app",
        cause="It ends.",
        strength=1,
        evidence=quotes,
        **more,
    )
    return Diagnosis(title="t", alert="a", findings=(RankedCause(claim=claim, confidence=0.9, features={}, lines=()),))


@pytest.mark.parametrize(
    ("path", "confirm", "command"),
    [
        ("kubernetes/describe-pods.txt", (), "kubectl --context 'my context' -n shop describe pods"),
        ("kubernetes/events.txt", (), "kubectl --context 'my context' -n shop get events"),
        ("logs/app-1.log", (), "kubectl --context 'my context' -n shop logs app-1"),
        ("logs/a%2Fb.previous.log", (), "kubectl --context 'my context' -n shop logs a -c b --previous"),
        ("logs/a.log", ("kubectl get hpa -n other",), "kubectl --context 'my context' get hpa -n other"),
    ],
)
def test_the_command_shows_the_evidence_in_the_environments_place(
    path: str, confirm: tuple[str, ...], command: str
) -> None:
    found = finding_of(
        diagnosis("crash-loop", Quote(path, "x"), confirm=confirm), context="my context", namespace="shop"
    )
    assert found is not None
    assert found.command == command


def test_what_the_program_said_is_quoted_before_what_the_cluster_says_of_it() -> None:
    quotes = (Quote("kubernetes/describe-pods.txt", "Exit Code: 3"), Quote("logs/a.log", "no\nsuch   setting"))
    found = finding_of(diagnosis("crash-loop", *quotes), context="c", namespace="n")
    assert found is not None
    assert (found.quote, found.file) == ("no such setting", "logs/a.log")


def test_all_being_well_is_no_finding() -> None:
    assert finding_of(diagnosis("healthy", Quote("a", "b")), context="c", namespace="n") is None
    assert finding_of(Diagnosis(title="t", alert="a"), context="c", namespace="n") is None
