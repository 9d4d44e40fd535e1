"""Small Kubernetes objects for the tests of what is decided about them."""

from typing import Any

from blissful_infra.delivery.release import Release, Verdict


def an_object(kind: str, name: str = "app", namespace: str = "shop", **more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, **more}


def a_workload(kind: str = "Deployment", image: str = "app", **container: Any) -> dict[str, Any]:
    pod = {"containers": [{"name": "app", "image": image, **container}, {"name": "side", "image": "proxy:1"}]}
    return an_object(kind, spec={"template": {"spec": pod}})


def a_release(number: int, verdict: Verdict = Verdict.SERVED, image: str = "", **more: Any) -> Release:
    return Release(number, image or f"r.example/app@sha256:{number:064x}", "abc", "me@here", 1.0, verdict, **more)
