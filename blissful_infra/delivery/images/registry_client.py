"""A registry asked over its HTTP API (OCI Distribution): which digest a tag means, which tags there are."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from blissful_infra.delivery.images.image import ImageReference
from blissful_infra.delivery.images.registries import local_port
from blissful_infra.delivery.images.registry_access import credentials_for
from blissful_infra.errors import MissingToolError

MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
PARAMETER = re.compile(r'(\w+)="([^"]*)"')
REVISION = "org.opencontainers.image.revision"
MAX_TAGS = 1000
WITHIN_S = 15.0


class RegistryError(MissingToolError):
    """A registry does not answer, or not as one does."""

    code = "registry-unreachable"


class NoImageError(MissingToolError):
    """The registry has no such image."""

    code = "no-such-image"


@dataclass(frozen=True, slots=True)
class TaggedImage:
    """One tag and the image it means."""

    tag: str
    digest: str


class RegistryClient:
    """One registry. Credentials are looked up only when it asks for them."""

    def __init__(self, host: str, *, plain_http: bool) -> None:
        self._host = host
        self._client = httpx.Client(
            base_url=f"{'http' if plain_http else 'https'}://{host}", timeout=WITHIN_S, follow_redirects=True
        )
        self._authorization: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def digest_of(self, image: ImageReference) -> str:
        """The digest of the image that a reference means. Raises NoImageError."""
        answer = self._get(f"/v2/{image.path}/manifests/{image.digest or image.tag}", head=True)
        digest = str(answer.headers.get("Docker-Content-Digest", ""))
        if not DIGEST.fullmatch(digest):
            raise RegistryError(f"{self._host} names no digest for {image}")
        return digest

    def tags_of(self, image: ImageReference) -> tuple[TaggedImage, ...]:
        """Every tag of a repository with its digest, by name; none where nothing was ever pushed."""
        try:
            found = self._get(f"/v2/{image.path}/tags/list?n={MAX_TAGS}").json()
        except NoImageError:
            return ()
        except ValueError as error:
            raise RegistryError(f"{self._host} does not answer as a registry does") from error
        names = sorted(name for name in (found.get("tags") or ()) if isinstance(name, str))
        tagged = (ImageReference(image.repository, tag=name) for name in names)
        return tuple(TaggedImage(each.tag or "", self.digest_of(each)) for each in tagged)

    def revision_of(self, image: ImageReference) -> str | None:
        """The commit that the image's own label names, or None. Of an index, the first image counts."""
        with self._translated():
            manifest = self._get(f"/v2/{image.path}/manifests/{image.digest or image.tag}").json()
            if manifest.get("manifests"):
                manifest = self._get(f"/v2/{image.path}/manifests/{manifest['manifests'][0]['digest']}").json()
            config = self._get(f"/v2/{image.path}/blobs/{manifest['config']['digest']}").json()
            found = ((config.get("config") or {}).get("Labels") or {}).get(REVISION)
        return str(found) if found else None

    def _get(self, path: str, *, head: bool = False) -> httpx.Response:
        method = "HEAD" if head else "GET"
        with self._translated():
            answer = self._client.request(method, path, headers=self._headers())
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                self._authorization = self._authorized(answer.headers.get("WWW-Authenticate", ""))
                answer = self._client.request(method, path, headers=self._headers())
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NoImageError(
                f"{self._host} has no {path.removeprefix('/v2/')}", hint="push it: `blissful-infra image push`"
            )
        if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            raise RegistryError(f"{self._host} does not let you in", hint=f"log in: `docker login {self._host}`")
        if answer.is_error:
            raise RegistryError(f"{self._host} answers {answer.status_code}")
        return answer

    def _headers(self) -> dict[str, str]:
        return {"Accept": MANIFESTS, **({"Authorization": self._authorization} if self._authorization else {})}

    def _authorized(self, challenge: str) -> str:
        known = credentials_for(self._host)
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() != "bearer":
            if known is None:
                raise RegistryError(f"{self._host} asks who you are", hint=f"log in: `docker login {self._host}`")
            return f"Basic {base64.b64encode(':'.join(known).encode()).decode()}"
        facts = dict(PARAMETER.findall(rest))
        realm = facts.pop("realm", "")
        if not realm.startswith("https://") and self._client.base_url.scheme == "https":
            raise RegistryError(f"{self._host} sends credentials to {realm or 'nowhere'}, which is not safe")
        answer = self._client.get(realm, params=facts, auth=httpx.BasicAuth(*known) if known else None)
        body: dict[str, Any] = answer.json() if answer.is_success else {}
        token = body.get("token") or body.get("access_token")
        if not token:
            raise RegistryError(f"{self._host} gives no token", hint=f"log in: `docker login {self._host}`")
        return f"Bearer {token}"

    def _starting(self) -> str:
        if local_port(self._host) is not None:
            return "`blissful-infra image push` starts a registry of kind `local`"
        return "start it, or name another under `registry` in blissful-infra.yaml"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise RegistryError(
                f"the registry {self._host} does not answer: {error}",
                hint=self._starting(),
            ) from error
