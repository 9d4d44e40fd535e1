"""A small project in a real git repository, an incident of it, and a fix for that."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.domain.fix import Fix, PatchFix, Risk
from agent.domain.incident import Incident
from agent.fixes.patches import patch_of

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
COMPOSE = "services:\n  app:\n    build: .\n    mem_limit: 256m # small\n"
PROJECT = (
    "name: my-shop\nruntime: process\nservices:\n  app: {port: 18080, run: python3 app.py}\n"
    "agent: {embedder: lexical}\n"
)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def a_repository(folder: Path, texts: dict[str, str] | None = None) -> Path:
    """A committed project."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"blissful-infra.yaml": PROJECT, "compose.yaml": COMPOSE, ".gitignore": ".blissful/\n", **(texts or {})}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "First commit")
    return folder


def head(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")


def a_finding(category: str = "oom-killed", **given: Any) -> dict[str, Any]:
    return {
        "category": category, "subject": "app", "cause": "app ran out of memory: killed.", "confidence": 0.9,
        "commit": None, "metric": None, "files": [], "rule": "signatures/heap-exhausted",
        "evidence": [{"quote": "Out of memory: Killed process 7", "file": "logs/app.log", "reason": ""}],
        **given,
    }  # fmt: skip


def an_incident(*findings: dict[str, Any], **given: Any) -> Incident:
    first = findings[0] if findings else a_finding()
    facts: dict[str, Any] = {
        "id": "3f2a00c0ffee", "fingerprint": "f" * 16, "pattern": f"{first['category']}/heap-exhausted",
        "category": first["category"], "subject": first["subject"], "title": "my-shop: app is unhealthy",
        "cause": first["cause"], "signature": "app ran out of memory", "confidence": 0.9,
        "opened_at": NOW, "last_seen_at": NOW, "report": json.dumps({"v": 1, "findings": list(findings or [first])}),
    }  # fmt: skip
    return Incident(**{**facts, **given})


def a_patch(base: str, **given: Any) -> Fix:
    """More memory for the app of COMPOSE, or another text of a file."""
    before, after = given.pop("before", COMPOSE), given.pop("after", COMPOSE.replace("256m", "512m"))
    path = given.pop("path", "compose.yaml")
    patch = given.pop("patch", None) or patch_of({path: before}, {path: after})
    facts: dict[str, Any] = {
        "id": "raise-memory-limit", "title": "Raise the memory limit", "why": "It was too low.",
        "action": PatchFix(patch=patch, base=base), "risk": Risk.LOW, "reversible": True,
    }  # fmt: skip
    return Fix(**{**facts, **given})
