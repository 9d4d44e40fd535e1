"""git/commits.jsonl with git/diffs/<sha>.diff, and notes/deploys.yaml."""

import dataclasses
from typing import Any

import orjson
import yaml

from agent.collectors.bundle.files import BundleFiles, Limits, lines_of, text_of
from agent.collectors.bundle.header import moment_of, parse_yaml
from agent.domain.change import Commit, Deploy


def commits_in(files: BundleFiles, gaps: list[str], limits: Limits) -> tuple[Commit, ...]:
    """Every well-formed commit in the order written, with its diff where the bundle has one."""
    found = {file.path: file for file in files.below("git", gaps, limits)}
    diffs = {file.subject: file for path, file in found.items() if path.startswith("git/diffs/")}
    commits: list[Commit] = []
    for path in ("git/commits.jsonl", "git/commits.jsonl.gz"):
        if path not in found:
            continue
        torn = 0
        for line in lines_of(found[path], gaps, limits):
            commit = _commit(line)
            if commit is None:
                torn += bool(line.strip())
            elif commit.sha in diffs:
                diff = text_of(diffs[commit.sha], gaps, limits)
                commits.append(dataclasses.replace(commit, diff=diff))
            else:
                commits.append(commit)
        if torn:
            gaps.append(f"{path}: {torn} lines are no commits")
    return tuple(commits)


def deploys_in(files: BundleFiles, gaps: list[str], limits: Limits) -> tuple[Deploy, ...]:
    """What notes/deploys.yaml lists, by time."""
    deploys: list[Deploy] = []
    for file in files.below("notes", gaps, limits):
        if file.name not in {"deploys.yaml", "deploys.yml"}:
            continue
        try:
            data = parse_yaml(text_of(file, gaps, limits))
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            gaps.append(f"{file.path} is not valid YAML: {error}")
            continue
        entries = data if isinstance(data, list) else []
        known = [deploy for entry in entries if (deploy := _deploy(entry)) is not None]
        if len(known) < len(entries) or not isinstance(data, list | None):
            gaps.append(f"{file.path}: {len(entries) - len(known)} entries are no deploys")
        deploys += known
    return tuple(sorted(deploys, key=lambda deploy: deploy.at))


def _commit(line: str) -> Commit | None:
    try:
        data: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    at = moment_of(data.get("time")) if isinstance(data, dict) else None
    if at is None or not isinstance(data.get("sha"), str):
        return None
    files = data.get("files")
    return Commit(
        sha=data["sha"],
        at=at,
        author=str(data.get("author") or ""),
        message=str(data.get("message") or ""),
        files=tuple(str(name) for name in files) if isinstance(files, list) else (),
    )


def _deploy(entry: object) -> Deploy | None:
    if not isinstance(entry, dict):
        return None
    at = moment_of(entry.get("timestamp") or entry.get("time") or entry.get("at"))
    service, sha = entry.get("service"), entry.get("commit_sha") or entry.get("sha")
    if at is None or not isinstance(service, str) or not isinstance(sha, str):
        return None
    return Deploy(at=at, service=service, sha=sha, version=str(entry.get("version") or ""))
