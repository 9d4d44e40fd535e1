"""A call that times out, beside the network policies that were seen."""

import pytest

from agent.domain.claim import Claim
from agent.domain.investigation import Document, Investigation, LogFile
from agent.rca.cluster import claims_of_cluster

DENIES = """Name:         default-deny
Namespace:    shop
Spec:
  PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)
  Allowing ingress traffic:
    <none> (Selected pods are isolated for ingress connectivity)
  Not affecting egress traffic
  Policy Types: Ingress
"""
LETS_FRONTEND_IN = """Name:         stock-allow-frontend
Namespace:    shop
Spec:
  PodSelector:     app=stock
  Allowing ingress traffic:
    To Port: 8080/TCP
    From:
      PodSelector: app={allowed}
  Not affecting egress traffic
  Policy Types: Ingress
"""
LETS_ALL_IN = LETS_FRONTEND_IN.replace(
    "    From:\n      PodSelector: app={allowed}", "    From: <any> (traffic not restricted by source)"
)
MANIFEST = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: stock-allow-frontend, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: stock}}}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {{matchLabels: {{app: {allowed}}}}}
"""
ORDERS = "apiVersion: v1\nkind: Pod\nmetadata: {name: orders-7f8b9c6d5-qwe12, namespace: shop, labels: {app: orders}}\n"
TIMES_OUT = "ERROR GET http://stock.shop.svc:8080/7: dial tcp 10.96.31.7:8080: i/o timeout"


def claims(policy: str, line: str = TIMES_OUT) -> list[Claim]:
    log = LogFile("orders-7f8b9c6d5-qwe12", "logs/orders-7f8b9c6d5-qwe12.log", ("INFO up", line))
    seen = (Document("kubernetes/networkpolicy.txt", policy), Document("kubernetes/pod.yaml", ORDERS))
    investigation = Investigation(title="orders fails", alert="orders fails", logs=(log,), kubernetes=seen)
    return [one for one in claims_of_cluster(investigation) if one.category == "network-policy"]


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        (DENIES, "lets nobody in"),
        (LETS_FRONTEND_IN.format(allowed="frontend"), "app=frontend"),
        (MANIFEST.format(allowed="frontend"), "app=frontend"),
    ],
)
def test_a_policy_that_does_not_let_the_caller_in_is_named(policy: str, named: str) -> None:
    (claim,) = claims(policy)
    assert claim.subject == "stock"
    assert named in claim.cause
    assert "orders" in claim.cause


@pytest.mark.parametrize(
    "policy",
    [LETS_FRONTEND_IN.format(allowed="orders"), MANIFEST.format(allowed="orders"), LETS_ALL_IN,
     LETS_FRONTEND_IN.format(allowed="frontend").replace("app=stock", "app=ledger")],
)  # fmt: skip
def test_a_policy_that_lets_the_caller_in_or_is_for_others_is_not(policy: str) -> None:
    assert claims(policy) == []


def test_without_a_time_out_a_policy_is_no_fault() -> None:
    assert claims(DENIES, "INFO GET http://stock.shop.svc:8080/7 200") == []
