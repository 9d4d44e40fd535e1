from agent.collectors.bundle import investigation_of
from agent.domain.claim import Claim
from agent.domain.investigation import Document, Investigation
from agent.rca.stack import claims_of_stack

HEADER = Document("bundle.yaml", "version: 1\ntitle: t\nalert: a\n")


def claims(*entries: str) -> tuple[Claim, ...]:
    note = Document("notes/stack.yaml", "\n".join(f"- {entry}" for entry in entries))
    return claims_of_stack(investigation_of([HEADER, note]))


def test_the_service_that_others_wait_for_is_named_not_they() -> None:
    found = claims(
        '{"name":"db","health":"stopped","detail":"exited with 1"}',
        '{"name":"app","health":"unhealthy","needs":["db"],"failing":{"db":"Connection refused"}}',
    )
    assert [claim.subject for claim in found] == ["db"]
    assert found[0].category == "service-down"
    assert "exited with 1" in found[0].cause
    assert "Connection refused" in found[0].cause
    assert [quote.path for quote in found[0].evidence] == ["notes/stack.yaml"] * 2
    assert found[0].evidence[0].text.startswith('{"name":"db"')


def test_what_a_healthy_service_misses_is_named() -> None:
    found = claims('{"name":"db","health":"healthy"}', '{"name":"app","health":"healthy","failing":{"db":"timed out"}}')
    assert [(claim.subject, claim.rule) for claim in found] == [("db", "dependency-missed")]


def test_a_stack_that_is_well_gives_no_claim() -> None:
    assert claims('{"name":"db","health":"healthy"}', '{"name":"migrate","health":"finished"}') == ()
    assert claims_of_stack(Investigation(title="t", alert="a")) == ()


def test_a_note_written_by_hand_is_understood() -> None:
    found = claims("{name: db, health: stopped, detail: gone}")
    assert [claim.subject for claim in found] == ["db"]
