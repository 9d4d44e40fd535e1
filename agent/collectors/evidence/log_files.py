"""What the services of a stack wrote into their log files."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from agent.collectors.evidence.naming import path_of
from agent.collectors.log_files import starts_of
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.normalize.log_window import within


class LogFileTexts:
    """`logs/<service>.log`, and `ci/<job>.log` of the `jobs`, which are kept whole: a build that failed is read so.

    Each service's files are given oldest first; times without a zone are in `zone`.
    """

    name = "logs"

    def __init__(
        self, files: Mapping[str, Sequence[Path]], *, zone: tzinfo, jobs: Mapping[str, Sequence[Path]] | None = None
    ) -> None:
        self._files = files
        self._jobs = jobs or {}
        self._zone = zone

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The lines in the window, of each service the newest where the bound cuts."""
        count = len(self._files) + len(self._jobs)
        if not count:
            return Gathered.unavailable(self.name, "the stack has no log files")
        share = Bound(max(1, bound.records // count), max(1, bound.octets // count))
        documents: list[Document] = []
        problems: list[str] = []
        entries, cut = 0, False
        for folder, files in (("logs", self._files), ("ci", self._jobs)):
            for service, paths in files.items():
                try:
                    there = [path for path in paths if path.is_file()]
                    if not there:
                        problems.append(f"{service}: no log file yet")
                        continue
                    lines, short = self._lines(there, None if folder == "ci" else window, share)
                except OSError as error:
                    problems.append(f"{service}: {error.strerror or error}")
                    continue
                cut = cut or short
                entries += len(lines)
                if lines:
                    text = b"\n".join(lines).decode("utf-8", "replace") + "\n"
                    documents.append(Document(path_of(folder, service, "log"), text))
        if len(problems) == count:
            return Gathered.unavailable(self.name, "; ".join(problems))
        detail = "; ".join([f"{entries:,} lines of {count - len(problems)} services", *problems])
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=cut)

    def _lines(self, files: Sequence[Path], window: Window | None, bound: Bound) -> tuple[list[bytes], bool]:
        """The lines, and whether there were more than the bound lets through."""
        sizes = sum(path.stat().st_size for path in files)
        found: list[bytes] = []
        reached_back = sizes <= bound.octets
        for path, start in starts_of(files, bound.octets).items():
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if window is not None and changed < window.since:
                reached_back = True
                continue
            with path.open("rb") as file:
                file.seek(max(0, start - 1))
                data = file.read(bound.octets + 1)
            if start:
                data = data.partition(b"\n")[2]
            lines = data.removesuffix(b"\n").split(b"\n") if data else []
            first, last = (0, len(lines)) if window is None else within(lines, window, zone=self._zone, written=changed)
            reached_back = reached_back or first > 0
            found += lines[first:last]
        return found[-bound.records :], len(found) > bound.records or not reached_back
