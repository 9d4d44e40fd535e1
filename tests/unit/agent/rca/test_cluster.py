"""What the states of containers tell."""

import pytest

from agent.domain.claim import Claim
from agent.domain.investigation import Document, Investigation, LogFile
from agent.normalize.kubernetes import objects_of
from agent.rca.cluster import claims_of_cluster

POD = """Name:             web-5d98ffcfd-tz4nc
Namespace:        shop
Status:           Running
Containers:
  web:
    Image:          acme/web:7
    State:          {state}
{last}    Ready:          {ready}
    Restart Count:  6
    Limits:
      cpu:     1
      memory:  100Mi
Conditions:
  Ready             {ready}
"""
LAST = "    Last State:     Terminated\n      Reason:       {reason}\n      Exit Code:    {code}\n"


def claims(state: str, last: str = "", ready: str = "False") -> tuple[Claim, ...]:
    text = POD.format(state=state, last=last, ready=ready)
    documents = (Document("kubernetes/get.txt", "no resources found\n"), Document("kubernetes/describe.txt", text))
    return claims_of_cluster(Investigation(title="t", alert="", kubernetes=documents))


WAITING = "Waiting\n      Reason:       {}"
LOOPING = WAITING.format("CrashLoopBackOff")


@pytest.mark.parametrize(
    ("state", "last", "category", "named"),
    [
        (LOOPING, LAST.format(reason="OOMKilled", code=137), "oom-killed", "OOMKilled"),
        (LOOPING, LAST.format(reason="Error", code=1), "crash-loop", "exit code 1"),
        (LOOPING, LAST.format(reason="Error", code=127), "start-command", "not found"),
        (WAITING.format("ImagePullBackOff"), "", "image-pull", "acme/web:7"),
        (WAITING.format("CreateContainerConfigError"), "", "configuration-missing", "CreateContainerConfigError"),
        (WAITING.format("RunContainerError"), "", "start-command", "RunContainerError"),
    ],
)
def test_a_bad_state_is_a_cause(state: str, last: str, category: str, named: str) -> None:
    (claim,) = claims(state, last)
    assert (claim.category, claim.subject) == (category, "web")
    assert named in claim.cause
    assert "web-5d98ffcfd-tz4nc" in claim.cause


def test_old_restarts_of_a_container_that_is_ready_are_no_cause() -> None:
    assert claims("Running", LAST.format(reason="Error", code=1), ready="True") == ()


def test_having_been_killed_for_memory_stays_a_suspicion_once_ready() -> None:
    (claim,) = claims("Running", LAST.format(reason="OOMKilled", code=137), ready="True")
    assert claim.strength < claims(LOOPING, LAST.format(reason="OOMKilled", code=137))[0].strength


def test_a_description_is_read_with_its_limits_and_states() -> None:
    text = POD.format(state=LOOPING, last=LAST.format(reason="Error", code=3), ready="False")
    first, second = objects_of(text + text.replace("web-5d98ffcfd-tz4nc", "batch-abcde"))
    assert (first.workload, second.workload) == ("web", "batch-abcde")
    container = first.containers[0]
    assert (container.memory_limit, container.restarts, container.ready) == ("100Mi", 6, False)
    assert container.last is not None
    assert container.last.exit_code == 3


def test_a_text_that_is_no_description_has_no_objects() -> None:
    assert objects_of("Error from server (NotFound)\n") == ()


@pytest.mark.parametrize(
    ("log", "category", "named"),
    [
        (("starting", "Using the redis session store", "listening on 8079"), "dependency-unreachable", "redis"),
        (("starting", "listening on 8079"), "crash-loop", "exit code 1"),
        (("Using the redis session store", "fatal: no such file"), "crash-loop", "no such file"),
    ],
)
def test_a_crash_without_a_complaint_names_what_it_turned_to_last(
    log: tuple[str, ...], category: str, named: str
) -> None:
    text = POD.format(state=LOOPING, last=LAST.format(reason="Error", code=1), ready="False")
    name = text.split("Name:", 1)[1].split()[0]
    seen = (Document("kubernetes/describe.txt", text),)
    logs = (LogFile(name, f"logs/{name}.log", log),)
    (claim,) = claims_of_cluster(Investigation(title="t", alert="", kubernetes=seen, logs=logs))
    assert claim.category == category
    assert named in claim.cause


def test_of_an_image_that_cannot_be_pulled_the_registrys_answer_is_told() -> None:
    text = POD.format(state=WAITING.format("ImagePullBackOff"), last="", ready="False")
    text += (
        'Events:\n  Warning  Failed  2m  kubelet  Failed to pull image "acme/web:9": rpc error: acme/web:9: not found\n'
    )
    (claim,) = claims_of_cluster(Investigation(title="t", alert="", kubernetes=(Document("kubernetes/d.txt", text),)))
    assert claim.cause.endswith("(ImagePullBackOff): rpc error: acme/web:9: not found.")
