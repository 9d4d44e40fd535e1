"""GitHub, and GitHub Enterprise, through the REST API of version 2022-11-28.

https://docs.github.com/rest/pulls/pulls#create-a-pull-request
"""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote, urlsplit

from blissful_infra.fixing.errors import PullRequestError
from blissful_infra.fixing.pull_requests.provider import Opened, PullRequest, Remote

PUBLIC = "https://api.github.com"
TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
BASE_URL = "GITHUB_API_URL"
WITHIN_S = 20.0
_HINTS = {
    401: "the token is wrong or expired; set GITHUB_TOKEN to another",
    403: "the token may not do this; it needs to write contents and pull requests of the repository",
    404: "the repository does not exist, or the token may not see it",
    429: "GitHub asks to slow down; try again later",
}


class GitHub:
    """One repository at GitHub."""

    def __init__(self, remote: Remote, base_url: str, token: str) -> None:
        self._remote = remote
        self._base_url = base_url.rstrip("/")
        self._token = token

    @classmethod
    def for_remote(cls, remote: Remote, environ: Mapping[str, str]) -> Self | None:
        """github.com; another host where GITHUB_API_URL is set, or where its name says so."""
        given = environ.get(BASE_URL, "")
        token = next((environ[name] for name in TOKENS if environ.get(name)), "")
        if given and given.rstrip("/") != PUBLIC:
            return cls(remote, given, token)
        if remote.host in {"github.com", "ssh.github.com"}:
            return cls(remote, PUBLIC, token)
        return cls(remote, f"https://{remote.host}/api/v3", token) if "github" in remote.host else None

    @property
    def base_url(self) -> str:
        """The API's address."""
        return self._base_url

    @property
    def place(self) -> str:
        """The repository and the API that is asked."""
        return f"{self._remote.owner}/{self._remote.repository} ({self._base_url})"

    @property
    def why_not(self) -> str | None:
        """A missing token, or a connection that would carry it in the clear."""
        parts = urlsplit(self._base_url)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            return f"{self._base_url} is not https, so the token is not sent there"
        return None if self._token else f"neither {' nor '.join(TOKENS)} is set"

    def by_hand(self, request: PullRequest) -> str:
        """The page on which GitHub asks for the rest."""
        host = "github.com" if self._base_url == PUBLIC else self._remote.host
        base = f"{quote(request.base)}..." if request.base else ""
        where = f"https://{host}/{self._remote.owner}/{self._remote.repository}"
        return f"{where}/compare/{base}{quote(request.head)}?expand=1"

    def open(self, request: PullRequest) -> Opened:
        """`POST .../pulls`; where the branch has one already, that one."""
        base = request.base or str(self._call("GET", "")["default_branch"])
        asked = {"title": request.title, "head": request.head, "base": base, "body": request.body}
        try:
            made = self._call("POST", "/pulls", json=asked)
            return Opened(str(made["html_url"]), int(made["number"]), existed=False)
        except _RefusedError as refused:
            head = f"{self._remote.owner}:{request.head}"
            found = self._call("GET", "/pulls", params={"head": head, "state": "open"})
            if isinstance(found, list) and found:
                return Opened(str(found[0]["html_url"]), int(found[0]["number"]), existed=True)
            raise PullRequestError(f"GitHub refused the pull request: {refused}", hint=self.by_hand(request)) from None
        except (KeyError, TypeError, ValueError) as error:
            raise PullRequestError(f"what answers at {self._base_url} does not speak as GitHub does") from error

    def _call(self, method: str, path: str, **given: Any) -> Any:
        import httpx

        owner, name = (quote(part, safe="") for part in (self._remote.owner, self._remote.repository))
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "blissful-infra",
        }
        try:
            answer = httpx.request(
                method, f"{self._base_url}/repos/{owner}/{name}{path}", headers=headers, timeout=WITHIN_S,
                follow_redirects=False, **given,
            )  # fmt: skip
        except httpx.HTTPError as error:
            raise PullRequestError(
                f"GitHub cannot be reached at {self._base_url}: {error}"[:300],
                hint="the branch is pushed; run it again",
            ) from error
        if answer.status_code == 422:
            raise _RefusedError(_told(answer))
        if answer.status_code >= 300:
            raise PullRequestError(
                f"GitHub answered {answer.status_code}: {_told(answer)}", hint=_HINTS.get(answer.status_code)
            )
        try:
            return answer.json()
        except ValueError as error:
            raise PullRequestError(f"what answers at {self._base_url} does not speak as GitHub does") from error


class _RefusedError(Exception):
    """422: the request is understood and not taken."""


def _told(answer: Any) -> str:
    """The provider's own words, without more of them than a line."""
    try:
        said = answer.json()
        more = [str(one.get("message") or one.get("code")) for one in said.get("errors", ()) if isinstance(one, dict)]
        return "; ".join([str(said.get("message", "")), *more])[:300]
    except (ValueError, AttributeError, TypeError):
        return str(answer.reason_phrase)[:300]
