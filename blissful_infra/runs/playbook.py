"""Runs one of the shipped playbooks through ansible-runner, and turns its events into progress."""

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from blissful_infra.errors import StateFolderError
from blissful_infra.paths import content_root, machine_state_dir, state_dir
from blissful_infra.runs.recorder import Recorder, kind_of, progress_in
from blissful_infra.runs.result import OnEvent, RunEvent, RunFailure, RunResult, failure_in
from blissful_infra.runs.retention import in_use, purge
from blissful_infra.runs.run_id import new_run_id

LOOK_EVERY_S = 0.25
THIS_MACHINE = {"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}
GRACE_S = 20.0
"""How long Ansible may take to end by itself after an interrupt, before it is killed."""


def run_playbook(
    playbook: str,
    *,
    project_file: Path | None,
    limit: str | None = "local",
    variables: Mapping[str, Any] | None = None,
    on_event: OnEvent = lambda event: None,
    check: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    run_id: str | None = None,
    max_age_days: float = 30,
    max_size_mb: float = 512,
) -> RunResult:
    """Run `playbooks/<playbook>.yml` on a project; once `cancelled()` is true, Ansible is interrupted.

    Everything is written below the project's state folder; Ansible's own files there are removed with the run. A
    playbook that needs no project may be run without one: its run is kept with the machine's state.
    """
    project_file = project_file.resolve() if project_file else None
    state = state_dir(project_file.parent).absolute() if project_file else machine_state_dir()
    run_id = run_id or new_run_id(playbook)
    folder = state / "runs" / run_id
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    run = _Run(on_event, run_id)
    try:
        with (
            _writing(folder),
            in_use(folder),
            Recorder(state / "events" / f"{run_id}.jsonl", state / "secrets.env") as recorder,
        ):
            purge(state, now=time.time(), max_age_days=max_age_days, max_size_mb=max_size_mb)
            (folder / "ansible").mkdir(mode=0o700)
            run.recorder = recorder
            stop = _Stop(cancelled)
            outcome = _drive(run, playbook, folder / "ansible", project_file, limit, variables or {}, check, stop)
            result = run.result(outcome.status, outcome.rc, cancelled=stop.asked_at is not None)
            (folder / "run.json").write_text(
                json.dumps({"v": 1, "playbook": playbook, "check": check, **asdict(result)}, default=str) + "\n"
            )
    finally:
        shutil.rmtree(folder / "ansible", ignore_errors=True)
    return result


def _drive(
    run: "_Run",
    playbook: str,
    private: Path,
    project_file: Path | None,
    limit: str | None,
    variables: Mapping[str, Any],
    check: bool,
    stop: "_Stop",
) -> Any:
    from ansible_runner.interface import init_runner

    def on_status(status: Mapping[str, Any], runner_config: Any) -> None:
        if status["status"] == "running":  # the file holds the whole environment; nothing reads it
            (Path(runner_config.artifact_dir) / "command").unlink(missing_ok=True)

    with _own_environment():
        runner = init_runner(
            private_data_dir=str(private),
            project_dir=str(content_root()),
            playbook=f"playbooks/{playbook}.yml",
            inventory=str(project_file) if project_file else THIS_MACHINE,
            limit=limit,
            extravars=dict(variables),
            envvars={
                "BLISSFUL_RUN_ID": run.run_id,
                "ANSIBLE_CONFIG": str(content_root() / "ansible.cfg"),
                "ANSIBLE_NOCOLOR": "1",
            },
            cmdline="--check" if check else None,
            settings={"pexpect_timeout": LOOK_EVERY_S, "suppress_output_file": True},
            event_handler=run.take,
            status_handler=on_status,
            cancel_callback=stop,
            quiet=True,
        )
        runner.config.command[0] = str(Path(sys.executable).parent / "ansible-playbook")  # not whatever PATH has first
        runner.run()
    return runner


class _Run:
    """What is learnt from the events of one run."""

    def __init__(self, on_event: OnEvent, run_id: str) -> None:
        self.on_event = on_event
        self.run_id = run_id
        self.recorder: Recorder | None = None
        self.failure: RunFailure | None = None
        self.changed = False
        self.spoken: list[str] = []

    def take(self, raw: dict[str, Any]) -> bool:
        """Record one raw event and pass it on; False tells ansible-runner not to keep a copy."""
        progress = progress_in(raw)
        if progress is not None:
            raw = {**{name: raw[name] for name in ("uuid", "counter", "created") if name in raw}, **progress}
            raw["event"] = kind_of(progress)
        clean = self.recorder.record(raw) if self.recorder else raw
        self.failure = self.failure or failure_in(clean)
        result = clean.get("event_data", {}).get("res")
        self.changed = self.changed or bool(isinstance(result, dict) and result.get("changed"))
        if clean["event"] in {"verbose", "error"} and clean.get("stdout"):
            self.spoken.append(str(clean["stdout"]).replace("\r\n", "\n"))
        data = clean if progress is not None else clean.get("event_data", {})
        self.on_event(RunEvent(clean["event"], data))
        return False

    def result(self, status: str, rc: int, *, cancelled: bool) -> RunResult:
        """How it ended; a run that failed without a failed task says what Ansible said."""
        if cancelled and status != "successful":
            status = "canceled"
        failure = self.failure
        if status == "failed" and failure is None:
            text = "\n".join(self.spoken).strip() or f"ansible-playbook ended with {rc}"
            failure = RunFailure("playbook-failed", 6, text[-2000:])
        return RunResult(
            run_id=self.run_id,
            rc=rc,
            status=status if status in {"successful", "canceled"} else "failed",
            changed=self.changed,
            failure=None if status == "canceled" else failure,
        )


class _Stop:
    """Asked by ansible-runner again and again: first interrupts Ansible gently, then lets it be killed."""

    def __init__(self, wanted: Callable[[], bool]) -> None:
        self.wanted = wanted
        self.asked_at: float | None = None

    def __call__(self) -> bool:
        if not self.wanted():
            return False
        if self.asked_at is None:
            self.asked_at = time.monotonic()
            for child in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    if "ansible-playbook" in " ".join(child.cmdline()):
                        child.send_signal(signal.SIGINT)
        return time.monotonic() - self.asked_at > GRACE_S


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """Hides Ansible's settings of the person's shell, which would change what a shipped playbook does."""
    hidden = {name: os.environ.pop(name) for name in tuple(os.environ) if name.startswith("ANSIBLE_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StateFolderError(
            f"cannot write {error.filename or folder}: {error.strerror or error}",
            hint=f"free space on the disk of {folder.parent}, make it writable, or set BLISSFUL_HOME to another folder",
        ) from error
