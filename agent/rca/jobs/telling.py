"""A find as a claim: what failed, with which message, and the lines that show it."""

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.rca.jobs.job import Job
from agent.rca.jobs.rule import Find

QUOTED = 300
NAMES = 10


def claim_of(job: Job, find: Find) -> Claim:
    """The claim of a find; its subject is the test, else the file, else the item, else the step or the job."""
    tests, files, items = (_names(find, group) for group in ("test", "file", "item"))
    tests += [f"{file} > {test}" for file in files[:1] for test in tests[:1] if len(files) == 1]
    subject = next(iter((*tests, *files, *items)), job.step[:80] or job.name)
    message = job.lines[find.places[0]].strip()[:QUOTED]
    details = list(dict.fromkeys(job.lines[index].strip()[:QUOTED] for index in find.details))
    said = [find.rule.told + ":", message]
    said += [text for text in details[:2] if text != message]
    said += [f"({', '.join((*files[:3], *tests[:2]))})"] if len(files) + len(tests) > 1 else []
    tail = f"Step {job.step[:60]!r} ends with exit code {job.exit_code}." if job.exit_code else ""
    room = CAUSE_WORDS - len(tail.split())
    words = " ".join(said).split()[:room]
    return Claim(
        line="jobs",
        rule=find.rule.name,
        category=find.rule.category,
        subject=subject,
        cause=" ".join([*words, tail]).strip(),
        strength=min(1.0, find.strength),
        evidence=_quotes(job, find),
        files=tuple(files[:NAMES]),
        tests=tuple(tests[:NAMES]),
        fix=find.rule.fix,
    )


def _names(find: Find, group: str) -> list[str]:
    """The group's values in the matches, then in the details."""
    pattern = find.rule.details
    hits = [*find.hits, *(hit for text in find.detail_texts if pattern and (hit := pattern.search(text)))]
    found = (hit[group] for hit in hits if group in hit.re.groupindex)
    return list(dict.fromkeys(name.strip() for name in found if name and name.strip()))


def _quotes(job: Job, find: Find) -> tuple[Quote, ...]:
    """Matches first, then their details, then the step and the line that says it failed."""
    matched = [(index, "the failure") for index in find.places[:6]]
    close = [(index, "what was reported with it") for index in (*find.details[:6], *find.details[-2:])]
    around = [(job.start, "the step that failed"), (job.end, "the job's end")]
    texts: dict[str, str] = {}
    for index, reason in (*matched, *close, *around):
        text = job.lines[index].strip()[:QUOTED]
        if text:
            texts.setdefault(text, reason)
    return tuple(Quote(job.path, text, reason) for text, reason in texts.items())
