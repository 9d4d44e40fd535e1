"""Which right a request to the cluster needs, in the words of a Role: what a refusal has to name. Pure."""

from dataclasses import dataclass

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class Right:
    """A verb on a kind of object; `namespace` is None for what the cluster holds as a whole."""

    verb: str
    kind: str
    namespace: str | None
    name: str | None = None

    def __str__(self) -> str:
        named = f" {self.name}" if self.name else ""
        place = f"in the namespace {self.namespace}" if self.namespace else "in the whole cluster"
        return f"{self.verb} {self.kind}{named} {place}"


def right_of(method: str, path: str) -> Right:
    """The right that a request needs.

    >>> str(right_of("PATCH", "/apis/apps/v1/namespaces/shop/deployments/app"))
    'patch deployments.apps app in the namespace shop'
    >>> str(right_of("GET", "/api/v1/namespaces/shop/configmaps"))
    'list configmaps in the namespace shop'
    >>> str(right_of("GET", "/api/v1/namespaces/shop/services/app:http/proxy/version"))
    'get services/proxy app:http in the namespace shop'
    """
    parts = [part for part in path.partition("?")[0].split("/") if part]
    group = parts[1] if parts[:1] == ["apis"] and len(parts) > 1 else ""
    rest = parts[3:] if group else parts[2:]
    namespace = rest[1] if rest[:1] == ["namespaces"] and len(rest) > 1 else None
    if namespace is not None and len(rest) > 2:
        rest = rest[2:]
    if not rest:
        return Right(method.lower(), path, None)
    kind, name, inside = (*rest[:3], *("", "", "")[len(rest[:3]) :])
    verb = _VERBS.get(method, "get" if name else "list")
    title = f"{kind}{f'/{inside}' if inside else ''}{f'.{group}' if group else ''}"
    return Right(verb, title, namespace, name or None)
