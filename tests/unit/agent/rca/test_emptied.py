"""What was scaled to nothing, and what a healthy answer says of it."""

from agent.diagnosing import diagnosis_of, shipped_calibration
from agent.domain.investigation import Document, Investigation

TABLE = "NAME  READY  UP-TO-DATE  AVAILABLE  AGE\narchive-api   {ready}     {each}            {each}           90d\n"
SERVICE = """Name:              archive-api
Namespace:         default
Selector:          app=archive-api
Type:              ClusterIP
Port:              http  80/TCP
TargetPort:        8080/TCP
Endpoints:         <none>
Session Affinity:  None
"""


def first(*texts: str) -> tuple[str, str]:
    seen = tuple(Document(f"kubernetes/{number}.txt", text) for number, text in enumerate(texts))
    investigation = Investigation(title="archive-api answers 503", alert="archive-api answers 503", kubernetes=seen)
    top = diagnosis_of(investigation, shipped_calibration()).findings[0].claim
    return top.rule, top.category


def test_a_deployment_of_no_replicas_is_why_nothing_answers() -> None:
    assert first(TABLE.format(ready="0/0", each=0)) == ("scaled-to-nothing", "service-down")


def test_its_service_has_no_endpoints_for_that_reason() -> None:
    assert first(TABLE.format(ready="0/0", each=0), SERVICE) == ("scaled-to-nothing", "service-selector")


def test_one_that_has_all_it_wants_is_not_scaled_to_nothing() -> None:
    assert first(TABLE.format(ready="2/2", each=2)) == ("all-is-well", "healthy")
