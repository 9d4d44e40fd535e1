"""kubectl as a program of a test's own, that answers from recorded outputs."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STAND_IN = Path(__file__).parent / "kubectl_stand_in.sh"


def a_kubectl(folder: Path, recordings: Mapping[str, str]) -> str:
    """The command of a kubectl that knows these outputs by its arguments, such as `get pods --output=json`."""
    (folder / "recordings").mkdir(parents=True)
    program = folder / "kubectl"
    shutil.copy(STAND_IN, program)
    program.chmod(0o755)
    for arguments, output in recordings.items():
        (folder / "recordings" / arguments).write_text(output)
    return str(program)


def a_list(*items: Mapping[str, Any]) -> str:
    """What `get --output=json` prints."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)})


def a_pod(
    name: str, *, ready: bool = True, restarts: int = 0, containers: tuple[str, ...] = ("app",)
) -> dict[str, Any]:
    """A pod as the API has it, as far as it is read."""
    state = {"running": {}} if ready else {"waiting": {"reason": "CrashLoopBackOff"}}
    statuses = [{"name": one, "ready": ready, "restartCount": restarts, "state": state} for one in containers]
    return {
        "metadata": {"name": name},
        "spec": {"containers": [{"name": one} for one in containers]},
        "status": {"phase": "Running", "containerStatuses": statuses},
    }
