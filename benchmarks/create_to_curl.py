"""From nothing to the first good answer: `create`, `up` and `curl`, as a person types them, package caches warm."""

import shutil
import time

from benchmarks.project import measured_project
from benchmarks.rows import Row

AIMS = {
    "spring-boot + Postgres + Kafka": (60, ["--template", "spring-boot", "--postgres", "--kafka"]),
    "fastapi + Postgres": (20, ["--template", "fastapi", "--postgres", "--no-kafka"]),
}


def measure() -> list[Row]:
    rows = []
    for what, (aim, options) in AIMS.items():
        name = f"create to first curl, {what}, process"
        if "--kafka" in options and not (shutil.which("java") and shutil.which("mvn")):
            rows.append(Row(name, note="needs a JDK 17 and Maven"))
            continue
        _once(options)  # fills the package caches
        rows.append(Row(name, _once(options), note=f"the aim is under {aim} s with warm caches"))
    return rows


def _once(options: list[str]) -> float:
    with measured_project() as project:
        began = time.perf_counter()
        project.create(*options)
        project.run("blissful-infra", "up", "--runtime", "process")
        project.run("curl", "--silent", "--show-error", "--fail", f"{project.url()}/hello/world")
        return time.perf_counter() - began
