"""Asking a cluster through kubectl, with the user's own kubeconfig: reads only, one context, one namespace."""

from typing import Any

import orjson

from agent.collectors.bounded_process import printed_by

WITHIN_S = 20
_MOST = 64 * 1024 * 1024


class KubectlError(Exception):
    """kubectl ended with an error, or cannot be run; the last line of what it said is the message."""

    @property
    def no_such_kind(self) -> bool:
        """Whether the cluster answered, and does not have the kind of object that was asked for."""
        return "doesn't have a resource type" in str(self)


class Kubectl:
    """kubectl for one context and namespace."""

    def __init__(self, context: str, namespace: str, *, command: str = "kubectl") -> None:
        self._head = (command, f"--context={context}", f"--request-timeout={WITHIN_S - 5}s")
        self.namespace = namespace

    def text(self, verb: str, *arguments: str, most: int = _MOST, everywhere: bool = False) -> str:
        """What kubectl prints. `everywhere` is for what has no namespace. Raises `KubectlError`."""
        where = () if everywhere else (f"--namespace={self.namespace}",)
        try:
            printed = printed_by((*self._head, *where, verb, *arguments), most=most, within_s=WITHIN_S)
        except OSError as error:
            raise KubectlError(f"kubectl cannot be run: {error.strerror or error}") from error
        if printed.code != 0:
            raise KubectlError(_reason(printed.problem) or f"kubectl {verb} ended with {printed.code}")
        return printed.output

    def items(self, kind: str, *, all_namespaces: bool = False) -> list[dict[str, Any]]:
        """The objects of a kind, of the namespace or of all. Raises `KubectlError`."""
        wide = ("--all-namespaces",) if all_namespaces else ()
        text = self.text("get", kind, *wide, "--output=json", everywhere=all_namespaces)
        try:
            document = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise KubectlError(f"kubectl get {kind} printed no whole JSON: {error}") from error
        found = document.get("items") if isinstance(document, dict) else None
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _reason(problem: str) -> str:
    """The last line: kubectl tells first, again and again, that it cannot read the API's groups."""
    lines = [line for line in problem.splitlines() if line.strip()]
    return lines[-1].removeprefix("error: ").strip() if lines else ""
