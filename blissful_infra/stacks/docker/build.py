"""Building a service's image when its sources have changed, with the steps shown as they come.

An image that BuildKit finds unchanged still costs a second to ask for. So the state of the build context (what
.dockerignore leaves of it) is compared first; BuildKit decides about everything that differs.
"""

import hashlib
import json
import os
import re
import subprocess
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blissful_infra.errors import RunFailedError
from blissful_infra.stacks.docker.compose import ComposeProject, ComposeService

STEP = re.compile(r"#\d+ \[(?:(?P<stage>[^\]]*?) )?(?P<number>\d+/\d+)\] (?P<instruction>.+)")
BUILD_TIME = "BUILD_TIME"
LAST_LINES = 20


class ImageBuildError(RunFailedError):
    """An image could not be built."""

    code = "image-build-failed"


@dataclass(frozen=True, slots=True)
class BuiltImage:
    """What an image was built from: the state of its sources, and the image's id on the engine."""

    fingerprint: str
    image_id: str


def fingerprint_of(build: Mapping[str, Any]) -> str | None:
    """Changes with any file of the build context and any build argument but the time; None where it is not a folder.

    Files are told apart by path, size, mode and time of change: reading them all would cost more than BuildKit does.
    """
    from docker.utils.build import exclude_paths

    context = Path(build["context"])
    if not context.is_dir():
        return None
    dockerfile = build.get("dockerfile", "Dockerfile")
    ignore = next(
        (path for path in (context / f"{dockerfile}.dockerignore", context / ".dockerignore") if path.is_file()), None
    )
    patterns = [line.strip() for line in ignore.read_text(encoding="utf-8").splitlines()] if ignore else []
    patterns = [line for line in patterns if line and not line.startswith("#")]
    digest = hashlib.sha256()
    settings = {key: value for key, value in build.items() if key != "args"}
    arguments = {key: value for key, value in (build.get("args") or {}).items() if key != BUILD_TIME}
    digest.update(json.dumps([settings, arguments], sort_keys=True, default=str).encode())
    for name in sorted(exclude_paths(str(context), patterns, dockerfile=dockerfile)):
        found = (context / name).lstat()
        size = 0 if (context / name).is_dir() else found.st_size
        changed = 0 if (context / name).is_dir() else found.st_mtime_ns
        digest.update(f"{name}\0{found.st_mode}\0{size}\0{changed}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def step_of(line: str) -> str | None:
    """The build step a line of BuildKit's plain progress begins, for people.

    >>> step_of("#12 [app build 4/6] RUN mvn -B -q package")
    'build 4/6: RUN mvn -B -q package'
    >>> step_of("#12 0.523 Downloading ...") is None
    True
    """
    found = STEP.match(line)
    if not found:
        return None
    stage = (found["stage"] or "").rpartition(" ")[2]
    instruction = re.sub(r"--mount=\S+ +", "", found["instruction"])
    return f"{stage + ' ' if stage else ''}{found['number']}: {' '.join(instruction.split())[:100]}"


def build_image(
    project: ComposeProject, service: ComposeService, log_file: Path, on_step: Callable[[str], None]
) -> None:
    """Build one service's image; everything BuildKit says goes to `log_file`. Raises `ImageBuildError`."""
    environment = {**os.environ, "BUILDX_BAKE_ENTITLEMENTS_FS": "0"}  # the CA bundle may lie outside the project
    last: deque[str] = deque(maxlen=LAST_LINES)
    log_file.parent.mkdir(parents=True, exist_ok=True)
    command = project.command("--progress", "plain", "build", service.name)
    with log_file.open("w", encoding="utf-8") as log, subprocess.Popen(
        command, cwd=project.folder, env=environment, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            for line in process.stdout or ():
                log.write(line)
                if line.strip():
                    last.append(line.rstrip())
                if step := step_of(line):
                    on_step(step)
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise ImageBuildError(
            f"the image of {service.name} could not be built",
            hint=f"mend the Dockerfile of {service.name}, then `up` again; the whole output is in {log_file}",
            context={"last lines": "\n" + "\n".join(last)},
        )
