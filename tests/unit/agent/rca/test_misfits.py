"""Objects that do not fit each other, out of manifests and out of descriptions."""

import re
from pathlib import Path

import pytest

from agent.domain.claim import Claim
from agent.domain.investigation import Document, Investigation
from agent.rca.cluster import claims_of_cluster, misfits

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels:
        app: web
    spec:
      nodeSelector:
        disktype: ssd
      containers:
        - name: web
          image: acme/web:7
          ports:
            - containerPort: 8080
          livenessProbe:
            httpGet: {path: /health, port: 9090}
          env:
            - name: URL
              valueFrom: {configMapKeyRef: {name: web-config, key: DATABASE_URL}}
          resources:
            requests:
              memory: 64Gi
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector:
    app: web-v2
  ports:
    - {port: 80, targetPort: 8080}
"""
NODE = """Name:               node-1
Labels:             disktype=hdd
                    kubernetes.io/os=linux
Taints:             <none>
Allocatable:
  cpu:                4
  memory:             16Gi
"""
DESCRIBED_SERVICE = """Name:                     web
Namespace:                shop
Labels:                   <none>
Selector:                 app=web
Type:                     ClusterIP
Port:                     http  80/TCP
TargetPort:               8081/TCP
Endpoints:                10.1.2.3:8081
Session Affinity:         None
"""
DESCRIBED_POD = """Name:             web-5d98ffcfd-tz4nc
Namespace:        shop
Labels:           app=web
                  pod-template-hash=5d98ffcfd
Status:           Running
Containers:
  web:
    Image:          acme/web:7
    Port:           8080/TCP
    State:          Running
    Ready:          True
    Restart Count:  0
    Readiness:      http-get http://:9999/ready delay=0s timeout=1s
    Environment:
      URL:  <set to the key 'url' of config map 'web-config'>  Optional: false
"""
CONFIG = """apiVersion: v1
kind: ConfigMap
metadata: {name: web-config, namespace: shop}
data:
  LOG_LEVEL: info
"""
INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: webb, port: {number: 80}}}}
"""
HPA = """apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {kind: Deployment, name: web}
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""


def claims(*texts: str) -> dict[str, Claim]:
    documents = tuple(Document(f"kubernetes/{number}.txt", text) for number, text in enumerate(texts))
    return {claim.rule: claim for claim in claims_of_cluster(Investigation(title="t", alert="", kubernetes=documents))}


@pytest.mark.parametrize(
    ("texts", "rule", "named"),
    [
        ((DEPLOYMENT, SERVICE), "selector-matches-no-pod", ("app=web-v2", "app=web")),
        ((DESCRIBED_POD, DESCRIBED_SERVICE), "target-port-differs", ("8081", "8080")),
        ((DEPLOYMENT, DESCRIBED_SERVICE), "target-port-differs", ("targetPort 8081", "8080")),
        ((DEPLOYMENT,), "probe-port-differs", ("liveness", "9090", "/health", "8080")),
        ((DESCRIBED_POD,), "probe-port-differs", ("readiness", "9999", "8080")),
        ((DEPLOYMENT, CONFIG), "key-not-there", ("DATABASE_URL", "web-config", "LOG_LEVEL")),
        ((DESCRIBED_POD, CONFIG), "key-not-there", ("url", "web-config")),
        ((DEPLOYMENT, NODE), "node-selector-matches-none", ("disktype=ssd", "disktype=hdd")),
        ((DEPLOYMENT, NODE), "larger-than-any-node", ("64Gi", "16Gi", "node-1")),
        ((INGRESS, SERVICE), "backend-differs", ("webb", "does not exist", "web")),
        ((HPA, DEPLOYMENT), "scaler-without-request", ("cpu", "web")),
    ],
)
def test_a_misfit_names_both_sides(texts: tuple[str, ...], rule: str, named: tuple[str, ...]) -> None:
    claim = claims(*texts)[rule]
    assert all(word in claim.cause for word in named), claim.cause
    assert claim.evidence


def test_what_fits_is_no_cause() -> None:
    fitting = DESCRIBED_SERVICE.replace("8081", "8080")
    pod = DESCRIBED_POD.replace("9999", "8080").replace("'url'", "'LOG_LEVEL'")
    assert claims(pod, fitting, CONFIG, NODE) == {}


def test_what_was_not_shown_is_not_judged() -> None:
    assert set(claims(SERVICE)) == set()
    assert set(claims(INGRESS)) == set()
    assert "key-not-there" not in claims(DEPLOYMENT)


@pytest.mark.parametrize(
    "text", ["apiVersion: [", "apiVersion: v1\nkind: 3", "apiVersion: v1\nkind: Service\nspec: 7", "kind"]
)
def test_a_torn_manifest_is_stepped_over(text: str) -> None:
    assert claims(text) == {}


def test_the_fixes_that_a_misfit_names_are_fixes_there_are() -> None:
    root = Path(__file__).parents[4]
    named = set(re.findall(r'fixes=\(((?:"[a-z-]+",? ?)+)\)', Path(misfits.__file__).read_text()))
    ids = {one for group in named for one in re.findall(r'"([a-z-]+)"', group)}
    assert ids
    assert ids <= set(re.findall(r"`([a-z-]+)`", (root / "docs" / "fixes.md").read_text()))


def test_a_service_without_endpoints_whose_pods_nobody_can_tell_is_named_with_its_selector() -> None:
    unlike = (
        DESCRIBED_SERVICE.replace("Name:                     web", "Name:                     gate")
        .replace("app=web", "component=zeta")
        .replace("10.1.2.3:8081", "<none>")
    )
    texts = {"kubernetes/deployment-web.yaml": DEPLOYMENT, "kubernetes/describe-service-gate.txt": unlike}
    found = claims_of_cluster(
        Investigation(title="t", alert="why?", kubernetes=tuple(Document(*one) for one in texts.items()))
    )
    [claim] = [one for one in found if one.category == "service-selector"]
    assert (claim.subject, claim.strength) == ("gate", 0.75)
    assert "component=zeta" in claim.cause
