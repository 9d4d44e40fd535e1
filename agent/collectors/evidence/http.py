"""Asking a server over HTTP: bounded in time, in size and in tries; credentials from the environment only."""

import os
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

WITHIN_S = 15.0
TRIES = 3
PAUSE_S = 0.3
LARGEST = 64 * 1024 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class HttpError(Exception):
    """No answer, or none of use; the message says why, without any credential."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class Server:
    """One server. `BLISSFUL_<NAME>_TOKEN`, or `_USER` and `_PASSWORD`, are sent to it where they are set."""

    def __init__(self, name: str, url: str, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self.url = url.rstrip("/")
        variables = {part: environ.get(f"BLISSFUL_{name.upper()}_{part}") for part in ("TOKEN", "USER", "PASSWORD")}
        self._user, self._password, self._token = variables["USER"], variables["PASSWORD"], variables["TOKEN"]

    def json(self, path: str, parameters: Mapping[str, str] | None = None, *, most: int = LARGEST) -> Any:
        """The JSON that `path` answers with. Raises `HttpError`."""
        body, cut = self.get(path, parameters, most=most)
        if cut:
            raise HttpError(f"{self._where(path)} answers with more than {most} bytes")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise HttpError(f"{self._where(path)} answers with no JSON") from error

    def get(self, path: str, parameters: Mapping[str, str] | None = None, *, most: int = LARGEST) -> tuple[bytes, bool]:
        """The body, at most `most` bytes of it, and whether there is more. Raises `HttpError`.

        What may pass (no connection, 429, 5xx) is tried again.
        """
        for left in reversed(range(TRIES)):
            try:
                return self._once(path, parameters, most)
            except HttpError as error:
                passing = error.status is None or error.status == 429 or error.status >= 500
                if not left or not passing:
                    raise
            time.sleep(PAUSE_S)
        raise AssertionError("unreachable")

    def _once(self, path: str, parameters: Mapping[str, str] | None, most: int) -> tuple[bytes, bool]:
        import httpx

        loopback = urlsplit(self.url).hostname in _LOOPBACK
        headers = {"Authorization": f"Bearer {self._token}"} if self._token and not self._user else {}
        login = (self._user, self._password or self._token or "") if self._user else None
        deadline = time.monotonic() + 2 * WITHIN_S
        body = bytearray()
        try:
            with (
                httpx.Client(timeout=WITHIN_S, trust_env=not loopback, headers=headers, auth=login) as client,
                client.stream("GET", f"{self.url}{path}", params=dict(parameters or {})) as response,
            ):
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > most or time.monotonic() > deadline:
                        break
                if time.monotonic() > deadline:
                    raise HttpError(f"{self._where(path)} is too slow")
                if response.status_code != 200:
                    said = " ".join(bytes(body[:200]).decode("utf-8", "replace").split())
                    raise HttpError(f"{self._where(path)} answers {response.status_code}: {said}", response.status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise HttpError(f"{self._where(path)}: {error or type(error).__name__}") from error
        return bytes(body[:most]), len(body) > most

    def _where(self, path: str) -> str:
        return f"{self.url}{path}"
