"""Keeps the events of a plain `ansible-playbook` run under `.blissful/`, and undoes an interrupted `up`."""

import atexit
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: blissful_events
type: notification
short_description: Keep the events of a run in the project's .blissful folder
description:
  - Writes one JSON line an event to C(.blissful/events/<run id>.jsonl), in ansible-runner's shape, secrets taken out.
  - Silent under the command line, which records by itself (C(BLISSFUL_RUN_ID) is set), and where no project is known.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Ansible's callbacks as the events that ansible-runner would have recorded."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "blissful_events"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.disabled = bool(os.environ.get("BLISSFUL_RUN_ID"))
        if self.disabled:
            # ansible-runner starts Ansible deaf to SIGHUP; so it would wait for ever when the command line is killed.
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
        self._recorder: Any = None
        self._counter = 0
        self._parents: dict[str, str] = {}
        self._facts: dict[str, Any] = {}
        self._pending: list[dict[str, Any]] = []
        self._run_id = ""
        self._main_pid = os.getpid()
        self._project_file: Path | None = None
        self._import_package()
        from blissful_infra.runs.interrupting import InterruptWatch

        self._watch = InterruptWatch(self._undo)
        self._watch.arm()

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """The run gets its id here; its folder is known once a play has hosts of a project."""
        self._facts["playbook"] = playbook._file_name
        self._emit("playbook_on_start", {})

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Open the project's file at the first play that knows a project."""
        self._facts.update(play=play.get_name(), play_uuid=str(play._uuid), play_pattern=str(play.hosts))
        if self._recorder is None:
            self._open(play)
        self._emit("playbook_on_play_start", {"name": play.get_name()})

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """A task begins."""
        self._facts.update(
            task=task.get_name(),
            task_uuid=str(task._uuid),
            task_action=task.action,
            task_path=task.get_path(),
            role=task._role.get_name() if task._role else None,
        )
        self._emit("playbook_on_task_start", {"name": task.get_name()})

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        """A task begins on a host."""
        self._emit("runner_on_start", {"host": host.get_name()})

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task succeeded; the one that waited for the services tells when each was ready."""
        self._result("runner_on_ok", result)
        for service, after_s in (result.result.get("ready_s") or {}).items():
            self._append({"event": "service", "service": service, "state": "ready", "after_s": after_s})

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task failed."""
        self._result("runner_on_failed", result, ignore_errors=ignore_errors)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """A host could not be reached."""
        self._result("runner_on_unreachable", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """A task was skipped."""
        self._result("runner_on_skipped", result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """The run is over."""
        names = ("ok", "changed", "failures", "dark", "skipped", "rescued", "ignored", "processed")
        self._emit("playbook_on_stats", {name: dict(getattr(stats, name)) for name in names})

    def _result(self, event: str, result: Any, **more: Any) -> None:
        started = result.task._uuid
        self._emit(
            event,
            {
                "host": result.host.get_name(),
                "res": self._clean(result),
                "task": result.task.get_name(),
                "task_uuid": str(started),
                **more,
            },
        )

    def _clean(self, result: Any) -> Mapping[str, Any]:
        if result.task.no_log or result.result.get("_ansible_no_log"):
            return {"censored": "the output has been hidden due to the fact that 'no_log: true' was specified"}
        return {name: value for name, value in result.result.items() if name != "invocation"}

    def _emit(self, event: str, data: dict[str, Any]) -> None:
        self._append({"event": event, "pid": os.getpid(), "event_data": {**self._facts, **data}})

    def _append(self, facts: dict[str, Any]) -> None:
        self._counter += 1
        record = {
            "uuid": str(uuid.uuid4()),
            "counter": self._counter,
            "created": datetime.now(UTC).isoformat(),
            "runner_ident": self._run_id,
            **facts,
        }
        if self._recorder is None:
            self._pending.append(record)
        else:
            self._recorder.record(record)

    def _open(self, play: Any) -> None:
        host = play.get_variable_manager()._inventory.get_host("local")
        folder = host.vars.get("blissful_project_dir") if host else None
        if not folder:
            return
        from blissful_infra.paths import PROJECT_FILE, state_dir
        from blissful_infra.runs.recorder import Recorder
        from blissful_infra.runs.retention import purge
        from blissful_infra.runs.run_id import new_run_id

        project_file = Path(str(folder)) / PROJECT_FILE
        state = state_dir(project_file.parent).absolute()
        self._run_id = new_run_id(Path(str(self._facts["playbook"])).stem)
        os.environ["BLISSFUL_PLAIN_RUN_ID"] = self._run_id
        try:
            purge(state, now=time.time(), **host.vars["blissful"]["state"])
            recorder = Recorder(state / "events" / f"{self._run_id}.jsonl", state / "secrets.env", fail=self._complain)
            self._recorder = recorder.__enter__()
        except OSError as error:
            self._complain(error)
            self.disabled = True
            return
        self._project_file = project_file
        atexit.register(self._at_exit)
        for record in self._pending:
            self._recorder.record(record | {"runner_ident": self._run_id})
        self._pending.clear()

    def _complain(self, error: OSError) -> None:
        self._display.warning(f"the events of this run are not kept: {error}")

    def _at_exit(self) -> None:
        """Ansible's workers inherit the handler, and must not do what it does."""
        if os.getpid() == self._main_pid:
            self._watch.take_over()
            self._undo()

    def _undo(self) -> None:
        """Close the file; undo the run if it never ended, in a process of its own: this one may be hanging."""
        if self._recorder is not None:
            self._recorder.__exit__()
        if self._project_file is None:
            return
        from blissful_infra.paths import state_dir
        from blissful_infra.runs.interrupting import kill_workers
        from blissful_infra.stacks.state.journal import Journal

        run = Journal(state_dir(self._project_file.parent).absolute()).open_run()
        if run is None or run.run_id != self._run_id:
            return
        kill_workers()
        argv = [sys.executable, "-m", "blissful_infra.stacks.undoing", str(self._project_file), self._run_id]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(argv, env=environ, check=False, capture_output=True, text=True)
        sys.stderr.write(done.stderr)

    def _import_package(self) -> None:
        here = Path(__file__).resolve()
        for folder in (here.parents[2], here.parents[4] if len(here.parents) > 4 else here.parents[2]):
            if (folder / "blissful_infra" / "stacks").is_dir() and str(folder) not in sys.path:
                sys.path.insert(0, str(folder))
