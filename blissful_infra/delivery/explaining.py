"""Asks the agent why a release failed, in a process of its own that is ended when it takes too long.

An explanation never delays a failure by more than a few seconds, and what goes wrong with it hides no error.
"""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import blissful_infra
from blissful_infra.delivery.finding import finding_of

WITHIN_S = 5.0
VARIABLE = "BLISSFUL_EXPLAIN_WITHIN_S"
"""Seconds for machines that need more, or 0 for none."""
LONGEST = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Explanation:
    """`finding` is None where nothing was found; `detail` then says why not."""

    finding: Mapping[str, Any] | None
    detail: str = ""


def explain(
    project: str, *, context: str, namespace: str, folder: Path, since: float, within_s: float | None = None
) -> Explanation:
    """What the agent finds in the namespace and in the project's commits. `since` is when the release began."""
    within_s = _allowed() if within_s is None else within_s
    if within_s <= 0:
        return Explanation(None, f"{VARIABLE} is 0")
    question = {"project": project, "context": context, "namespace": namespace, "folder": str(folder), "since": since}
    environ = {**os.environ, "PYTHONPATH": str(Path(blissful_infra.__file__).parents[1])}
    words = [sys.executable, "-m", __name__]
    pipe = subprocess.PIPE
    try:
        child = subprocess.Popen(words, env=environ, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
    except OSError as error:
        return Explanation(None, f"the agent did not start: {error}")
    with child:
        try:
            said, problem = child.communicate(json.dumps(question).encode(), timeout=within_s)
        except subprocess.TimeoutExpired:
            return Explanation(None, f"the agent did not get to the end within {within_s:g} s")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # kubectl too
    try:
        return Explanation(**json.loads(said))
    except (ValueError, TypeError):
        last = problem.decode(errors="replace").strip().splitlines()[-1:]
        return Explanation(None, f"the agent failed: {(last or ['it said nothing'])[0][:LONGEST]}")


def _allowed() -> float:
    try:
        return float(os.environ.get(VARIABLE) or WITHIN_S)
    except ValueError:
        return WITHIN_S


def explanation_of(question: Mapping[str, Any]) -> Explanation:
    """The same in this process, however long it takes."""
    from agent.collectors.evidence.git_history import GitHistory
    from agent.collectors.evidence.kubectl import Kubectl
    from agent.collectors.evidence.kubernetes import OF_A_ROLLOUT, KubernetesObjects
    from agent.diagnosing import diagnosis_of, shipped_calibration
    from agent.domain import Window
    from agent.domain.collected import CollectedStatus
    from agent.gathering import evidence_of, gather

    now = datetime.now(UTC)
    window = Window(datetime.fromtimestamp(float(question["since"]), UTC), now)
    place = (str(question["context"]), str(question["namespace"]))
    objects = KubernetesObjects(Kubectl(*place), lambda: datetime.now(UTC), kinds=OF_A_ROLLOUT, around=False)
    gathered = gather((objects, GitHistory(Path(question["folder"]))), window)
    if gathered[0].status is CollectedStatus.UNAVAILABLE:
        return Explanation(None, f"the agent saw nothing: {gathered[0].detail}")
    live = evidence_of(gathered, window, project=str(question["project"]))
    found = finding_of(diagnosis_of(live.investigation, shipped_calibration()), context=place[0], namespace=place[1])
    return Explanation(dataclasses.asdict(found) if found else None, "" if found else "the agent found nothing wrong")


if __name__ == "__main__":
    json.dump(dataclasses.asdict(explanation_of(json.load(sys.stdin))), sys.stdout)
