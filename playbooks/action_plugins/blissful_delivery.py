"""One act of a delivery, done inside Ansible's own process: waiting costs no module's start."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

display = Display()


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
        here = Path(__file__).resolve()
        for folder in (here.parents[2], here.parents[4] if len(here.parents) > 4 else here.parents[2]):
            if (folder / "blissful_infra" / "delivery").is_dir() and str(folder) not in sys.path:
                sys.path.insert(0, str(folder))
        try:
            from blissful_infra.delivery.ansible_acts import perform
        except ImportError as error:
            message = (
                f"blissful-infra is not installed for the Python that runs Ansible, {sys.executable} ({error}); "
                f"install it there: {sys.executable} -m pip install blissful-infra"
            )
            return result | {"failed": True, "msg": message}
        arguments = dict(self._task.args)
        act = str(arguments.pop("act", ""))
        return result | perform(act, arguments, show, check=self._task.check_mode)
