"""A project with one small service and Redis, which starts in a second or two."""

import re
import subprocess
import sys
from pathlib import Path

import pexpect

from tests.ports import free_ports

PROGRAM = str(Path(sys.executable).parent / "blissful-infra")

SERVICE = """
import http.server, json, os, sys, time
time.sleep(float(sys.argv[1]))
for number in range(30):
    print(f"line {number}", flush=True)
if sys.argv[2:] == ["dies"]:
    sys.exit("the moon is out of reach")

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"status": "UP", "version": "0.1.0"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def a_toy(folder: Path, *, starts_in: float = 0, fate: str = "") -> Path:
    """Write the project; `starts_in` seconds pass before the service listens, `fate` may be `dies`."""
    (folder / "service.py").write_text(SERVICE)
    (port,) = free_ports(1)
    run = f"{sys.executable} service.py {starts_in} {fate}"
    (folder / "blissful-infra.yaml").write_text(
        "name: toy\nruntime: process\n"
        f"services: {{app: {{port: {port}, run: {run}, needs: [redis]}}}}\n"
        'backing: {redis: {version: "9"}}\n'
    )
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program without a terminal."""
    return subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=90)


def spawn(folder: Path, *arguments: str) -> "pexpect.spawn[str]":
    """The program on a terminal."""
    return pexpect.spawn(PROGRAM, list(arguments), cwd=str(folder), encoding="utf-8", timeout=60, dimensions=(40, 120))


def plain(text: str) -> str:
    """What was written, without the codes that colour and redraw."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
