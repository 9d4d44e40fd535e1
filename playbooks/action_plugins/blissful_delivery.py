"""One act of a delivery, done inside Ansible's own process: waiting costs no module's start.

The package is imported with this file, which Ansible loads before it forks a worker for each task: once a run.
"""

import gc
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

display = Display()
here = Path(__file__).resolve()
for folder in (here.parents[2], here.parents[4] if len(here.parents) > 4 else here.parents[2]):
    if (folder / "blissful_infra" / "delivery").is_dir() and str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
perform: Callable[..., dict[str, Any]] | None
try:
    from blissful_infra.delivery.ansible_acts import perform

    why_not = ""
    gc.freeze()  # what was imported stays: neither the workers nor Ansible's own end look through it again
except ImportError as error:
    perform, why_not = None, str(error)


def show(message: Mapping[str, Any]) -> None:
    """A line of progress: for the command line as JSON, else for people."""
    if os.environ.get("BLISSFUL_RUN_ID"):
        display.display(f"BLISSFUL {json.dumps({'v': 1, **message})}")
    elif message["state"] == "done":
        display.display(f"✓ {message['detail']}  {message['after_s']:.1f}s")
    else:
        display.display(f"  {message['detail']}")


class ActionModule(ActionBase):  # type: ignore[misc]
    """Hands the task's arguments to `blissful_infra.delivery.ansible_acts`."""

    _requires_connection = False
    _supports_check_mode = True
    TRANSFERS_FILES = False

    def run(self, tmp: object = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Perform the act named by `act`."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        if perform is None:
            message = (
                f"blissful-infra is not installed for the Python that runs Ansible, {sys.executable} ({why_not}); "
                f"install it there: {sys.executable} -m pip install blissful-infra"
            )
            return result | {"failed": True, "msg": message}
        arguments = dict(self._task.args)
        act = str(arguments.pop("act", ""))
        return result | perform(act, arguments, show, check=self._task.check_mode)
