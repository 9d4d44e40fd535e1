"""A find as a claim: what failed, with which message and values, and the lines that show it."""

import re
from collections.abc import Iterable, Iterator

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.rca.jobs.job import Job
from agent.rca.jobs.rule import Find

QUOTED = 300
NAMES = 12
MESSAGE_WORDS = 32
DETAIL_WORDS = 16
QUOTES = 22

ALIASES = {
    "test": ("test", "test_of", "test_at", "tested", "method"),
    "file": ("file", "file_of", "file_at", "file_b", "file_c", "file_d", "file_e", "file_f", "file_g"),
    "item": ("item", "item_of", "item_at", "item_b"),
}
"""A pattern cannot name a group twice, so a name that stands in several places of it goes by several names."""

_PLACE = re.compile(
    r"(?:file://)?(?:/home/runner/work/[^/\s]+/[^/\s]+|/__w/[^/\s]+/[^/\s]+|/Users/runner/work/[^/\s]+/[^/\s]+"
    r"|/builds/[^/\s]+/[^/\s]+|(?:/var/lib/jenkins|/home/jenkins/agent)/workspace/[^/\s]+|"
    r"[A-Z]:\\a\\[^\\\s]+\\[^\\\s]+)[/\\]"
)
_DECORATION = re.compile(
    r"[│┃║|]\s*|^##\[error\]|^::error[^:]*::|[─━═╌]{2,}|\.{4,}|={4,}|_{4,}|^\s*(?:>|❯)\s+(?=\S)|^\[(?:ERROR|"
    r"error)\]\s*|^npm (?:ERR!|error)\s+"
)
_TOTAL = re.compile(
    r"(?i)^\W*(?:tests?|test suites|test files|snapshots)\b:?.*\d+ fail|\b[1-9]\d* (?:failed|failures?|failing|"
    r"errors?|problems?"
    r"|violations?|vulnerabilities|offenses|issues)\b|^found \d+ (?:errors?|problems?)|^(?:FAILED \(|"
    r"test result: FAILED)"
    r"|tests completed, \d+ failed|Tests run: .*(?:Failures|Errors): [1-9]|tests passed, \d+ tests? failed"
)
_IDLE = re.compile(
    r"##\[|(?:PASS|PASSED|ok|SKIP|✓|√|✔|\?|---? PASS|Process completed|Post job)(?:\b|\s|$)|\[INFO\]|npm (?:ERR!|"
    r"error) A complete log"
)
"""Lines that say nothing of a failure: markup, what passes, what is skipped."""
_PASSING = re.compile(r"\b0 (?:failed|failures?|errors?|vulnerabilities)\b")


def claim_of(job: Job, find: Find) -> Claim:
    """The claim of a find; its subject is the test, else the file, else the item, else the step or the job."""
    tests, items = _names(job, find, "test"), _names(job, find, "item")
    files = list(dict.fromkeys(map(_inside, _names(job, find, "file"))))
    bare = list(dict.fromkeys(test.partition("[")[0] for test in tests if test.endswith("]") and "::" in test))
    pairs = [f"{files[0]} > {test}" for test in tests[:3]] if len(files) == 1 and "::" not in "".join(tests) else []
    subject = next(iter((*tests, *files, *items)), job.step[:80] or job.name)
    return Claim(
        line="jobs",
        rule=find.rule.name,
        category=find.rule.category,
        subject=subject,
        cause=_cause(job, find, (*files[:2], *tests[:2], *items[:1])),
        strength=min(1.0, find.strength),
        evidence=_quotes(job, find),
        files=tuple(files[:NAMES]),
        tests=tuple(dict.fromkeys((*tests[: NAMES - 4], *bare[:4], *pairs)))[:NAMES],
        fix=find.rule.fix,
    )


def _cause(job: Job, find: Find, names: Iterable[str]) -> str:
    """The tool's own message first, then what was reported with it, the totals, the names, and the step."""
    step = f"Step '{_said(job.step)[:60].strip()}'" if job.step else "The job"
    tail = f"{step} ends with exit code {job.exit_code}." if job.exit_code else f"{step} failed."
    room = CAUSE_WORDS - len(tail.split())
    message = _said(job.lines[find.places[0]]).split()[:MESSAGE_WORDS]
    words = [*f"{find.rule.told}:".split(), *message]
    missing = [name for name in dict.fromkeys(names) if name not in " ".join(words)]
    named = f"({', '.join(missing)})".split() if missing and len(" ".join(missing).split()) <= room // 3 else []
    total = _total(job, find)
    kept = (total.split()[:DETAIL_WORDS] if total else []) + named
    for index in (*find.details, *_around(job, find)):
        more = _said(job.lines[index]).split()[:DETAIL_WORDS]
        text = " ".join(more)
        if not _tells(text) or text in " ".join(words) or text == total:
            continue
        if len(words) + len(more) + len(kept) > room:
            break
        words += more
    return " ".join([*[*words, *kept][:room], tail]).strip()


def _tells(text: str) -> bool:
    """Whether a line has something to say: not a rule, a bracket, a prompt's echo."""
    return (sum(map(str.isalpha, text)) >= 3 or "==" in text) and not _IDLE.match(text)


def _said(line: str) -> str:
    return " ".join(_DECORATION.sub(" ", _PLACE.sub("", line[:QUOTED])).split())


def _inside(path: str) -> str:
    """The path as it stands in the repository: without the runner's folder and without leading dots."""
    return re.sub(r"^(?:\.{1,2}/)+|^.*/\./", "", _PLACE.sub("", path).replace("\\", "/"))


def _total(job: Job, find: Find) -> str:
    """The line that counts what failed, behind the first match."""
    lines = (line for line in reversed(job.lines[find.places[0] + 1 : job.end]) if len(line) < 160)
    return next((_said(line) for line in lines if _TOTAL.search(line) and not _only_passing(line)), "")


def _only_passing(line: str) -> bool:
    return _PASSING.search(line) is not None and not re.search(r"\b[1-9]\d* (?:failed|failures?|errors?)\b", line)


def _names(job: Job, find: Find, group: str) -> list[str]:
    """The group's values in the matches, then in the details."""
    pattern = find.rule.details
    hits = [*find.hits, *(hit for index in find.details if pattern and (hit := pattern.search(job.lines[index])))]
    found = (hit[name] for hit in hits for name in ALIASES[group] if name in hit.re.groupindex)
    return list(dict.fromkeys(name.strip() for name in found if name and name.strip()))


def _around(job: Job, find: Find) -> Iterator[int]:
    """What stands below and above the first match, the nearest first."""
    first = find.places[0]
    yield from (index for index in range(first + 1, min(first + 9, job.end)) if job.lines[index].strip())
    yield from (index for index in range(first - 1, max(first - 4, job.body - 1), -1) if job.lines[index].strip())


def _quotes(job: Job, find: Find) -> tuple[Quote, ...]:
    """Matches first, then their details and surroundings, then totals, the step and the line that says it failed."""
    totals = [
        i for i in range(find.places[0], job.end) if _TOTAL.search(job.lines[i]) and not _only_passing(job.lines[i])
    ]
    named = () if job.named is None else (job.named,)
    parts: tuple[tuple[Iterable[int], str], ...] = (
        (find.places[:3], "the failure"),
        (find.details[:6], "what was reported with it"),
        (list(_around(job, find))[:10], "what stands beside it"),
        (find.places[3:5], "the failure"),
        (totals[-2:], "how much failed"),
    )
    ends = [(job.start, "the step that failed"), *((at, "the job") for at in named), (job.end, "the job's end")]
    texts: dict[str, str] = {}
    for places, reason in parts:
        for index in places:
            text = job.lines[index].strip()[:QUOTED]
            if _tells(text) and len(texts) < QUOTES - len(ends):
                texts.setdefault(text, reason)
    for index, reason in ends:
        if text := job.lines[index].strip()[:QUOTED]:
            texts.setdefault(text, reason)
    return tuple(Quote(job.path, text, reason) for text, reason in texts.items())
