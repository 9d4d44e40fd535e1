"""What the kinds of registry have of their own: where images go, and whose program logs in. Pure.

No password is ever seen here: each provider's program keeps it, or hands it to Docker's own login by a pipe.
"""

import re
from dataclasses import dataclass

from blissful_infra.errors import ConfigurationError
from blissful_infra.settings.model import Registry, RegistryKind

LOCAL = "localhost:5000"
ECR = re.compile(r"[0-9]{12}\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")
GCR = re.compile(r"([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io)")
ACR = re.compile(r"(?P<name>[a-z0-9]{5,50})\.azurecr\.(io|cn|us)")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class RegistryAddressError(ConfigurationError):
    """The registry's address is not one of its kind."""

    code = "registry-address"


@dataclass(frozen=True, slots=True)
class Login:
    """The provider's command that lets Docker in; what it prints is piped into `into`, if that is set."""

    argv: tuple[str, ...]
    into: tuple[str, ...] | None = None


def repository_of(registry: Registry, name: str) -> str:
    """Where the images of a project or service are kept.

    >>> repository_of(Registry(kind="generic", url="registry.example/team"), "my-service")
    'registry.example/team/my-service'
    """
    return f"{registry.url or LOCAL}/{name}"


def speaks_plain_http(registry: Registry, host: str) -> bool:
    """Whether the registry is spoken to without TLS: where the settings say so, and on this machine, as Docker does."""
    return registry.insecure or host.rpartition(":")[0] in LOOPBACK or host in LOOPBACK


def local_port(host: str) -> int | None:
    """The port of a registry's address that this machine may serve itself, or None.

    >>> local_port("localhost:5000"), local_port("registry.example:5000"), local_port("localhost")
    (5000, None, None)
    """
    name, _, port = host.rpartition(":")
    return int(port) if name in LOOPBACK and port.isdecimal() else None


def login_of(registry: Registry) -> Login | None:
    """The provider's own login, or None: then `docker login`, done beforehand, is what counts.

    >>> login_of(Registry(kind="acr", url="myteam.azurecr.io")).argv
    ('az', 'acr', 'login', '--name', 'myteam')
    """
    host = (registry.url or LOCAL).partition("/")[0]
    match registry.kind:
        case RegistryKind.ECR:
            region = _matched(ECR, host, registry, "123456789012.dkr.ecr.eu-west-1.amazonaws.com")["region"]
            into = ("docker", "login", "--username", "AWS", "--password-stdin", host)
            return Login(("aws", "ecr", "get-login-password", "--region", region), into)
        case RegistryKind.GCR:
            _matched(GCR, host, registry, "europe-docker.pkg.dev/project/repository")
            return Login(("gcloud", "auth", "configure-docker", host, "--quiet"))
        case RegistryKind.ACR:
            return Login(("az", "acr", "login", "--name", _matched(ACR, host, registry, "myteam.azurecr.io")["name"]))
        case _:
            return None


def _matched(pattern: re.Pattern[str], host: str, registry: Registry, example: str) -> re.Match[str]:
    found = pattern.fullmatch(host)
    if found is None:
        raise RegistryAddressError(
            f"{host} is no address of a registry of kind {registry.kind}",
            hint=f"write registry.url as {example}, or choose kind: generic",
        )
    return found
