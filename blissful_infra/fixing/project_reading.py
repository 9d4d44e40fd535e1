"""A project's committed texts, recent commits and the reversal of a culprit, as the fixers want them."""

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath

from agent.domain.change import Commit
from agent.domain.project import LONGEST_FILE, MOST_FILES, ProjectFiles
from blissful_infra.fixing.errors import FixNotApplicableError
from blissful_infra.fixing.repository import GitError, Repository

COMMITS = 20
LONGEST_DIFF = 100_000
_TEXTS = re.compile(
    r"(?i)\.(?:ya?ml|py|kts?|java|json|toml|xml|txt|in|lock|properties|conf|sh|env|example|sample|config)$|^Dockerfile"
)
_SKIPPED = frozenset({"node_modules", "vendor", "dist", "target", ".venv"})
_FIELDS = "%x01%H%x02%ct%x02%an%x02%B%x03"


def project_files(
    repository: Repository, *, culprit: str | None = None, services: tuple[str, ...] = ()
) -> ProjectFiles:
    """What the last commit has below the project's folder; what is changed and not committed counts as it was."""
    return ProjectFiles(
        base=repository.head,
        texts=_texts(repository),
        commits=_commits(repository),
        reversals=_reversals(repository, culprit),
        services=services,
    )


def _texts(repository: Repository) -> dict[str, str]:
    listed = repository.git("ls-tree", "-r", "-l", "-z", "--full-tree", repository.head, "--", repository.prefix or ".")
    wanted: list[tuple[str, str]] = []
    for row in listed.split("\0"):
        head, _, path = row.partition("\t")
        parts = head.split()
        if len(parts) != 4 or not parts[0].startswith("100") or not parts[3].isdigit():
            continue
        place = PurePosixPath(path)
        if _TEXTS.search(place.name) and int(parts[3]) <= LONGEST_FILE and not _SKIPPED & set(place.parts):
            wanted.append((path, parts[2]))
    wanted = wanted[:MOST_FILES]
    data = repository.git_bytes("cat-file", "--batch", data="".join(f"{blob}\n" for _, blob in wanted).encode())
    found, at = {}, 0
    for path, _ in wanted:
        end = data.index(b"\n", at)
        size = int(data[at:end].split()[2])
        content, at = data[end + 1 : end + 1 + size], end + 2 + size
        try:
            found[path] = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def _commits(repository: Repository) -> tuple[Commit, ...]:
    output = repository.git(
        "log", f"--max-count={COMMITS}", f"--format={_FIELDS}", "--patch", "--no-color", "--no-ext-diff",
        "--no-textconv", "--no-renames", "--", ".",
    )  # fmt: skip
    found = []
    for record in output.split("\x01")[1:]:
        head, _, diff = record.partition("\x03")
        fields = head.split("\x02")
        if len(fields) != 4 or not fields[1].isdigit():
            continue
        diff = diff.lstrip("\n")[:LONGEST_DIFF]
        files = tuple(dict.fromkeys(re.findall(r"(?m)^\+\+\+ b/(.+?)\t?$", diff)))
        at = datetime.fromtimestamp(int(fields[1]), UTC)
        found.append(Commit(sha=fields[0], at=at, author=fields[2], message=fields[3], files=files, diff=diff))
    return tuple(found)


def _reversals(repository: Repository, culprit: str | None) -> dict[str, str]:
    """The culprit's diff backwards, where it has one parent and the diff applies to what is committed now."""
    if culprit is None or not re.fullmatch(r"[0-9a-f]{7,64}", culprit):
        return {}
    try:
        sha, *parents = repository.git("rev-list", "--parents", "--max-count=1", culprit, "--").split()
        if len(parents) != 1 or not repository.contains(sha):
            return {}
        patch = repository.git_bytes(
            "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index", "--no-renames", sha, parents[0]
        ).decode("utf-8")
        if len(patch) > LONGEST_FILE or "GIT binary patch" in patch or "Binary files" in patch:
            return {}
        with repository.patched(repository.head, patch):
            return {sha: patch}
    except (GitError, FixNotApplicableError, UnicodeDecodeError):
        return {}
