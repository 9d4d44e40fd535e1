"""What was said to suggestions, one JSON object a line in the project's state folder, as `agent.ports.FeedbackBook`."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson

from agent.domain.suggestion import Feedback, Verdict
from blissful_infra.stacks.state.files import writing

NAME = "suggestion-feedback.jsonl"
_MOST_OCTETS = 4 * 1024 * 1024


class FeedbackFile:
    """One file, appended to; a torn or foreign line is skipped."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / NAME

    def add_feedback(self, feedback: Feedback) -> None:
        """One line more."""
        line = orjson.dumps(
            {
                "v": 1,
                "suggestion_id": feedback.suggestion_id,
                "rule": feedback.rule,
                "verdict": feedback.verdict,
                "reason": feedback.reason,
                "at": feedback.at,
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )
        with writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab") as file:
                file.write(line)

    def feedback(self) -> tuple[Feedback, ...]:
        """All of it, oldest first."""
        try:
            with self._path.open("rb") as file:
                lines = file.read(_MOST_OCTETS).split(b"\n")
        except OSError:
            return ()
        return tuple(found for line in lines for found in _feedback_in(line))


def _feedback_in(line: bytes) -> Iterator[Feedback]:
    try:
        data = orjson.loads(line)
        yield Feedback(
            suggestion_id=str(data["suggestion_id"]),
            rule=str(data["rule"]),
            verdict=Verdict(data["verdict"]),
            reason=str(data["reason"]),
            at=datetime.fromisoformat(data["at"]),
        )
    except (ValueError, KeyError, TypeError):
        return
