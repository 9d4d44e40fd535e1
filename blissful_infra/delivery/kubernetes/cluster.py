"""One environment's cluster, asked through its own kubeconfig context and no other.

Plain requests over the connection that the official client sets up from the kubeconfig: what is asked here is a
handful of objects, and a client that knows every kind costs a second to learn them.
"""

import copy
import json
import os
import urllib.parse
from collections.abc import Mapping
from typing import Any

import urllib3
from kubernetes import config as kube_config
from kubernetes.config.config_exception import ConfigException

from blissful_infra.delivery.kubernetes.manifests import Manifest, name_of
from blissful_infra.delivery.kubernetes.rights import right_of
from blissful_infra.errors import ConfigurationError, MissingToolError, RunFailedError
from blissful_infra.settings.model import Environment

MANAGER = "blissful-infra"
WITHIN = urllib3.Timeout(connect=4, read=20)
RETRIES = urllib3.Retry(connect=2, read=0, redirect=0, status=0, backoff_factor=0.3)
REFUSED, UNKNOWN, FORBIDDEN, NOT_FOUND, CONFLICT = 400, 401, 403, 404, 409


class UnknownContextError(ConfigurationError):
    """The kubeconfig has no context of the environment's name."""

    code = "unknown-context"


class ClusterUnreachableError(MissingToolError):
    """The cluster's API server does not answer."""

    code = "cluster-unreachable"


class ClusterRefusedError(RunFailedError):
    """The cluster refuses what was asked of it."""

    code = "cluster-refused"


class ForbiddenError(ClusterRefusedError):
    """The account of the kubeconfig lacks a right."""

    code = "forbidden"


class Cluster:
    """The API of one context, for the objects of one namespace."""

    def __init__(self, environment: Environment) -> None:
        self.context = environment.cluster
        self.namespace = environment.namespace
        try:
            api: Any = kube_config.new_client_from_config(  # type: ignore[no-untyped-call]
                config_file=os.environ.get("KUBECONFIG") or None, context=self.context, persist_config=False
            )
        except (ConfigException, OSError) as error:
            raise UnknownContextError(
                f"kubectl knows no context `{self.context}`",
                hint="name one of `kubectl config get-contexts` as the environment's `cluster`, or set KUBECONFIG",
            ) from error
        self._configuration = api.configuration
        self._pool: urllib3.PoolManager = api.rest_client.pool_manager
        self.server = str(api.configuration.host)
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def within(self, namespace: str) -> "Cluster":
        """The same cluster, over the same connections, for another namespace."""
        other = copy.copy(self)
        other.namespace = namespace
        return other

    def get(self, path: str, **query: str) -> dict[str, Any] | None:
        """What the API answers at a path, or None where there is nothing."""
        return self._call("GET", path, query=query)

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        """The objects of a list."""
        return list((self.get(path, **query) or {}).get("items") or ())

    def text(self, path: str, **query: str) -> str:
        """What the API answers as text: logs."""
        answer = self._send("GET", path, query=query)
        if answer.status >= REFUSED:
            raise self._refusal("GET", path, answer.status, _document(answer.data))
        return answer.data.decode(errors="replace")

    def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Create an object; None where one of that name is there already."""
        return self._call("POST", path, body=body, silent=frozenset({CONFLICT}))

    def replace(self, path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Replace an object; None where somebody else changed it meanwhile, or it is gone."""
        return self._call("PUT", path, body=body, silent=frozenset({CONFLICT, NOT_FOUND}))

    def merge(self, path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Change parts of an object; None where it is gone."""
        return self._call("PATCH", path, body=body, content="application/merge-patch+json")

    def delete(self, path: str, **still: str) -> bool:
        """Delete an object and what it owns; whether there was one, and, of these (`uid=...`), still this very one."""
        body = {"propagationPolicy": "Background", "preconditions": still} if still else None
        silent = frozenset({NOT_FOUND, CONFLICT}) if still else frozenset({NOT_FOUND})
        query = {"propagationPolicy": "Background"} if not still else None
        return self._call("DELETE", path, body=body, query=query, silent=silent) is not None

    def apply(self, manifest: Manifest, *, dry_run: bool = False) -> dict[str, Any] | None:
        """Server-side apply, unknown fields refused; None where its namespace is missing."""
        query = {"fieldManager": MANAGER, "force": "true", "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        path = self.path_of(manifest)
        return self._call("PATCH", path, body=manifest, query=query, content="application/apply-patch+yaml")

    def path_of(self, manifest: Manifest) -> str:
        """Where an object is found, by what the cluster says of its kind."""
        version = str(manifest["apiVersion"])
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if version not in self._kinds:
            found = (self.get(root) or {}).get("resources") or ()
            self._kinds[version] = {
                each["kind"]: (each["name"], bool(each["namespaced"])) for each in found if "/" not in each["name"]
            }
        if manifest["kind"] not in self._kinds[version]:
            raise ClusterRefusedError(
                f"the cluster {self.context} knows no {manifest['kind']} of {version}",
                hint="install what brings that kind, or leave the object out of the overlay",
            )
        plural, namespaced = self._kinds[version][manifest["kind"]]
        inside = f"/namespaces/{manifest['metadata'].get('namespace')}" if namespaced else ""
        return f"{root}{inside}/{plural}/{name_of(manifest)}"

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        content: str = "application/json",
        silent: frozenset[int] = frozenset({NOT_FOUND}),
    ) -> dict[str, Any] | None:
        answer = self._send(method, path, body=body, query=query, content=content)
        if answer.status in silent:
            return None
        found = _document(answer.data)
        if answer.status >= REFUSED:
            raise self._refusal(method, path, answer.status, found)
        return found

    def _refusal(self, method: str, path: str, status: int, said: Mapping[str, Any]) -> ClusterRefusedError:
        message = str(said.get("message") or status)
        if status == FORBIDDEN and said.get("reason") == "Forbidden" and "is forbidden: User" in message:
            return ForbiddenError(
                f"the cluster {self.context} does not allow to {right_of(method, path)}",
                hint="deploy/rbac holds the Role that a deploy needs; an administrator applies it: "
                "`kubectl apply -k deploy/rbac/<environment>`",
                context={"the cluster says": message},
            )
        return ClusterRefusedError(
            f"the cluster {self.context} refuses {_what(method, path)}: {message}",
            hint=f"see that `kubectl --context {self.context} auth whoami` knows you" if status == UNKNOWN else None,
        )

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        content: str = "application/json",
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Accept": "application/json", "Content-Type": content}
        for way in self._configuration.auth_settings().values():  # a token, renewed where it ran out
            if way["in"] == "header" and way["value"]:
                headers[way["key"]] = way["value"]
        url = f"{self.server}{path}{'?' + urllib.parse.urlencode(query) if query else ''}"
        text = None if body is None else json.dumps(body)
        try:
            return self._pool.request(method, url, body=text, headers=headers, timeout=WITHIN, retries=RETRIES)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ClusterUnreachableError(
                f"the cluster {self.context} at {self.server} does not answer",
                hint=f"see that `kubectl --context {self.context} get --raw /readyz` answers, then run this again",
            ) from error


def _document(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {"message": data[:300].decode(errors="replace")}
    return found if isinstance(found, dict) else {}


def _what(method: str, path: str) -> str:
    return f"{method} {path.partition('?')[0]}"
