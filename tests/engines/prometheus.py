"""A real Prometheus of a test's own: what it holds is written before it starts, what it scrapes is itself."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx

from tests.ports import free_ports


def why_not() -> str | None:
    """Why no Prometheus can be started, or None."""
    absent = [tool for tool in ("prometheus", "promtool") if shutil.which(tool) is None]
    return f"{' and '.join(absent)} not on PATH; run tests/engines/prometheus.sh up" if absent else None


@contextmanager
def prometheus(folder: Path, samples: Mapping[str, Mapping[datetime, float]] | None = None) -> Iterator[str]:
    """The URL of a server that holds these samples by series, and scrapes itself each second as the job `own`."""
    folder.mkdir()
    if samples:
        _backfill(folder, samples)
    (port,) = free_ports(1)
    (folder / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s}\n"
        f"scrape_configs: [{{job_name: own, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n"
    )
    command = [
        *("prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"),
        *(f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"),
    ]
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            _wait(url, server, folder / "log")
            yield url
        finally:
            server.terminate()


def _backfill(folder: Path, samples: Mapping[str, Mapping[datetime, float]]) -> None:
    """`promtool` makes blocks of OpenMetrics text."""
    lines: list[str] = []
    for series, points in samples.items():
        lines.append(f"# TYPE {series.partition('{')[0]} gauge")
        lines += [f"{series} {value} {at.timestamp():.3f}" for at, value in points.items()]
    (folder / "samples.txt").write_text("\n".join([*lines, "# EOF"]) + "\n")
    command = ("promtool", "tsdb", "create-blocks-from", "openmetrics", "samples.txt", "data")
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/-/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"no Prometheus within 30 s:\n{log.read_text()}")
