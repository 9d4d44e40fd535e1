"""The builds of a Jenkins job: how they ended, the console of those that failed, and their failed tests."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from agent.collectors.evidence.bounding import newest
from agent.collectors.evidence.http import HttpError, Server
from agent.collectors.evidence.naming import path_of
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document

NOTE = "notes/jenkins.txt"
LOOKED_AT = 50
"""Builds asked for, the newest."""
CONSOLES = 2
"""Of the newest builds in the window that did not succeed."""
_TREE = "builds[number,result,timestamp,duration,building,actions[lastBuiltRevision[SHA1]]]"
_TESTS = "suites[cases[className,name,status,errorDetails]]"
_GOOD = frozenset({"SUCCESS", "NOT_BUILT"})
_FAILED_TEST = frozenset({"FAILED", "REGRESSION"})
_LONGEST_CONSOLE = 16 * 1024 * 1024


class Jenkins:
    """`notes/jenkins.txt`, one line a build; `ci/<job>-<number>.log`; `notes/jenkins-tests-<number>.txt`.

    When the newest build is a good one, the consoles of those before it are left: they are mended.
    """

    name = "jenkins"

    def __init__(self, server: Server, job: str) -> None:
        self._server = server
        self._job = job
        self._path = "".join(f"/job/{quote(part, safe='')}" for part in job.split("/"))

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The builds that began in the window, the newest where the bound cuts; of consoles the end is kept."""
        try:
            tree = f"{_TREE}{{0,{LOOKED_AT}}}"
            builds = [one for one in self._builds(tree) if one["at"] in window]
            lines, cut = newest([_line(build) for build in builds], Bound(bound.records, max(1, bound.octets // 4)))
            documents = [Document(NOTE, "\n".join(lines) + "\n")] if lines else []
            left = bound.octets - sum(len(document.text.encode()) for document in documents)
            for build in _worth_reading(builds):
                for document, short in self._of_failed(build, bound, left // 2):
                    documents.append(document)
                    left -= len(document.text.encode())
                    cut = cut or short
        except HttpError as error:
            return Gathered.unavailable(self.name, str(error))
        failed = sum(build["result"] not in _GOOD for build in builds)
        detail = f"{len(builds)} builds of {self._job} in range, {failed} not successful"
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=cut)

    def _builds(self, tree: str) -> list[dict[str, Any]]:
        """Oldest first."""
        answer = self._server.json(f"{self._path}/api/json", {"tree": tree})
        found = answer.get("builds") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise HttpError(f"{self._server.url} is no Jenkins, or {self._job} is no job")
        builds = [_build(one) for one in found if isinstance(one, dict) and isinstance(one.get("timestamp"), int)]
        return sorted(builds, key=lambda build: build["at"])

    def _of_failed(self, build: Mapping[str, Any], bound: Bound, octets: int) -> Iterator[tuple[Document, bool]]:
        path = f"{self._path}/{build['number']}"
        body, more = self._server.get(f"{path}/consoleText", most=_LONGEST_CONSOLE)
        text = body.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")
        lines, cut = newest(text.split("\n"), Bound(bound.records, max(1, octets)))
        if lines:
            yield Document(path_of("ci", f"{self._job}-{build['number']}", "log"), "\n".join(lines) + "\n"), cut or more
        failures, cut = newest(list(self._failed_tests(path)), Bound(bound.records, max(1, octets // 2)))
        if failures:
            yield Document(f"notes/jenkins-tests-{build['number']}.txt", "\n".join(failures) + "\n"), cut

    def _failed_tests(self, path: str) -> Iterator[str]:
        """One line a failed test; a build without a test report has none."""
        try:
            report = self._server.json(f"{path}/testReport/api/json", {"tree": _TESTS})
        except HttpError as error:
            if error.status == 404:
                return
            raise
        for suite in _list(report.get("suites") if isinstance(report, dict) else None):
            for case in _list(suite.get("cases")):
                if case.get("status") in _FAILED_TEST:
                    said = " ".join(str(case.get("errorDetails") or "").split())[:500]
                    yield f"test failed: {case.get('className')}.{case.get('name')}: {said}"


def _worth_reading(builds: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The builds after the last good one that ended badly, the newest of them."""
    ended = [build for build in builds if build["result"]]
    good = [number for number, build in enumerate(ended) if build["result"] == "SUCCESS"]
    since = ended[good[-1] + 1 :] if good else ended
    return [build for build in since if build["result"] not in _GOOD][-CONSOLES:]


def _build(raw: Mapping[str, Any]) -> dict[str, Any]:
    actions = _list(raw.get("actions"))
    revisions = [one["lastBuiltRevision"] for one in actions if isinstance(one.get("lastBuiltRevision"), dict)]
    return {
        "number": raw.get("number"),
        "at": datetime.fromtimestamp(raw["timestamp"] / 1000, UTC),
        "result": raw.get("result"),
        "seconds": (raw.get("duration") or 0) / 1000,
        "sha": str(revisions[0].get("SHA1") or "") if revisions else "",
    }


def _line(build: Mapping[str, Any]) -> str:
    stamp = build["at"].strftime("%Y-%m-%dT%H:%M:%SZ")
    of = f" of {build['sha']}" if build["sha"] else ""
    return f"{stamp} build {build['number']}{of}: {build['result'] or 'running'}, {build['seconds']:.0f} s"


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
