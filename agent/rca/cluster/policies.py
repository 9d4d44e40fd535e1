"""A call that times out, and a network policy that does not let it in.

A policy by itself is no fault; only together with a time-out in the log of who calls is it one.
"""

import re
from collections.abc import Iterator, Mapping

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.kubernetes.shapes import Policy, Shapes
from agent.rca.cluster.seen import quotes_of, shapes_in

LOOKED_AT = 2000
STRENGTH, UNSURE = 0.95, 0.86
"""With the labels of both sides seen, and where those of the caller were not."""
_TIMES_OUT = re.compile(
    r"i/o timeout|timed? ?out|deadline exceeded|ETIMEDOUT|EHOSTUNREACH|no route to host|Client\.Timeout|"
    r"UND_ERR_CONNECT_TIMEOUT",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?|grpc|tcp|amqp|redis|postgres(?:ql)?)://(?:[^\s/@]*@)?([a-z][a-z0-9-]+)")


def claims_of_policies(investigation: Investigation) -> Iterator[Claim]:
    """One claim for each caller whose calls time out, with the first policy that keeps it out."""
    shapes = shapes_in(investigation)
    if not shapes.policies:
        return
    sides = _sides(investigation, shapes)
    for log in investigation.logs:
        caller = workload_of(log.subject)
        for line in log.lines[-LOOKED_AT:]:
            if not _TIMES_OUT.search(line[:2000]):
                continue
            found = _kept_out(line[:2000], caller, sides, shapes.policies)
            if found is not None:
                callee, policy, sure = found
                yield _claim(
                    investigation, caller, callee, policy, Quote(log.path, line.strip()[:400], "it times out"), sure
                )
                break


def _sides(investigation: Investigation, shapes: Shapes) -> dict[str, Mapping[str, str]]:
    """Of each workload its labels; empty where they were not seen."""
    found: dict[str, Mapping[str, str]] = {workload_of(log.subject): {} for log in investigation.logs}
    found.update((service.name, service.selector) for service in shapes.services)
    found.update((workload_of(one.name), one.labels) for one in shapes.pods if one.labels)
    return found


def _kept_out(
    line: str, caller: str, sides: Mapping[str, Mapping[str, str]], policies: tuple[Policy, ...]
) -> tuple[str, Policy, bool] | None:
    for policy in policies:
        if not policy.ingress:
            continue
        for callee in _named(line, sides, policy, but=caller):
            labels = sides.get(callee) or {"app": callee, "name": callee, "app.kubernetes.io/name": callee}
            if any(labels.get(key) != value for key, value in policy.selector.items()):
                continue
            allowed = policy.allowed
            own = sides.get(caller, {})
            if allowed is None or any(all(own.get(key) == value for key, value in one.items()) for one in allowed):
                continue
            return callee, policy, bool(own) or not allowed
    return None


def _named(line: str, sides: Mapping[str, Mapping[str, str]], policy: Policy, *, but: str) -> list[str]:
    """The workloads that the line may call: those known, who the policy is for, whom its addresses name."""
    names = {*sides, *policy.selector.values(), *_HOST.findall(line)} - {but}
    return sorted((name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line)), key=len)[::-1]


def _claim(
    investigation: Investigation, caller: str, callee: str, policy: Policy, timed_out: Quote, sure: bool
) -> Claim:
    lets = "lets nobody in" if not policy.allowed else f"lets in only pods with {_told(policy.allowed)}"
    return Claim(
        line="cluster",
        rule="policy-keeps-out",
        category="network-policy",
        subject=callee,
        cause=(
            f"The network policy (NetworkPolicy) {policy.name} keeps {caller} from {callee}: it {lets}, "
            f"so the calls of {caller} to {callee} time out."
        ),
        strength=STRENGTH if sure else UNSURE,
        evidence=(
            timed_out,
            *quotes_of(investigation, policy.path, policy.name, reason="the policy"),
        ),
        confirm=("kubectl get networkpolicy -o yaml", "kubectl get pods --show-labels"),
    )


def _told(allowed: tuple[Mapping[str, str], ...]) -> str:
    return " or ".join(", ".join(f"{key}={value}" for key, value in one.items()) for one in allowed[:3])
