"""Prints docs/delivery-transcript.md: a day of deliveries on the test cluster, each command with what it said.

eval "$(tests/cluster/cluster.sh up)" && python -m tests.delivery.transcript >docs/delivery-transcript.md
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.delivery.conftest import BIN, Project, a_project, kubectl
from tests.templates.rendering import git

HEAD = """# A day of deliveries

Recorded on the [test cluster](../tests/cluster/README.md) by `python -m tests.delivery.transcript`; nothing is
shortened. Images of that cluster hold a small program that keeps the [service contract](service-contract.md), so
`image push` is left out: `--image` names what it would have pushed.
"""


class Day:
    """One project with staging, production and previews."""

    def __init__(self, folder: Path) -> None:
        self.project: Project = a_project(folder, administrator=True)
        self.project.namespace = "my-service-staging"
        self.previews: list[str] = []
        context = kubectl("config", "current-context").strip()
        gates = {"after": "staging", "served_for": "1m"}
        environments = {
            "staging": {"cluster": context, "namespace": self.project.namespace, "replicas": 1},
            "production": {
                "cluster": context, "namespace": "my-service-production", "replicas": 2, "promote": gates,
            },
        }  # fmt: skip
        previews = {"cluster": context, "domain": f"{os.environ['BLISSFUL_TEST_INGRESS']}.nip.io", "ttl": "24h"}
        file = folder / "blissful-infra.yaml"
        text = file.read_text().partition("\nenvironments:")[0]
        file.write_text(f"{text}\nenvironments: {json.dumps(environments)}\npreviews: {json.dumps(previews)}\n")
        bare = Path(os.environ["BLISSFUL_TEST_GIT_ROOT"]) / f"{self.project.namespace}.git"
        shutil.rmtree(bare, ignore_errors=True)
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", bare], check=True)
        git(folder, "remote", "add", "origin", f"{os.environ['BLISSFUL_TEST_GIT']}/{bare.name}")

    def show(self, *words: str, shown: Sequence[str] = ()) -> None:
        """Run a command of the project and print it with what it said, messages and data as a terminal shows them."""
        print(f"$ {shlex.join(shown or words)}")
        program = [str(BIN / words[0]), *words[1:]] if words[0] == "blissful-infra" else list(words)
        done = subprocess.run(
            program, cwd=self.project.folder, env={**self.project.environ, "COLUMNS": "140"}, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.stdout.strip():
            print(done.stdout.rstrip())
        if done.returncode:
            print(f"$ echo $?\n{done.returncode}")
        sys.stdout.flush()

    def released(self, fault: str = "") -> str:
        """A commit with its image."""
        return self.project.image(fault)

    def end(self) -> None:
        """Delete what was made."""
        made = [self.project.namespace, "my-service-production", *self.previews]
        kubectl("delete", "namespace", "--ignore-not-found", *made)


def chapter(title: str, *lines: str) -> None:
    """Begin a heading and a console block."""
    print(f"\n## {title}\n")
    if lines:
        print("\n".join(lines) + "\n")
    print("```console")


def tell(day: Day) -> None:
    """The day."""
    chapter("Push, and deploy to staging")
    good = day.released()
    day.show("git", "push", "--quiet", "origin", "HEAD:main")
    day.show("blissful-infra", "deploy", "--env", "staging", "--image", good, "--ref", "HEAD")
    print("```")
    chapter("Promote what staging serves to production")
    day.show("blissful-infra", "promote", "--from", "staging", "--to", "production")
    day.show("sleep", "60")
    day.show("blissful-infra", "promote", "--from", "staging", "--to", "production")
    print("```")
    chapter("A bad release goes back by itself", "The program of this image ends at once.")
    bad = day.released("crash")
    day.show("blissful-infra", "deploy", "--env", "production", "--image", bad, "--ref", "HEAD", "--atomic")
    day.show("blissful-infra", "releases", "--env", "production")
    print("```")
    chapter("A preview of a branch, used and reaped")
    git(day.project.folder, "checkout", "--quiet", "-b", "feature/login")
    preview = day.released()
    create = ["env", "create", "--branch", "feature/login", "--owner", "ada", "--image", preview, "--ref", "HEAD"]
    day.show("blissful-infra", *create)
    found = json.loads(day.project.call("env", "list", "-o", "json").stdout)["previews"][0]
    day.previews.append(found["namespace"])
    host = found["url"].removeprefix("http://")
    there = ["--silent", "--resolve", f"{host}:80:{os.environ['BLISSFUL_TEST_INGRESS']}"]
    day.show("curl", *there, f"{found['url']}/hello", shown=["curl", f"{found['url']}/hello"])
    day.show("blissful-infra", "status", "--envs")
    long_ago = "blissful-infra.dev/last-used=2020-01-01T00:00:00Z"
    day.show("kubectl", "annotate", "--overwrite", "namespace", found["namespace"], long_ago)
    day.show("blissful-infra", "env", "reap")
    day.show("kubectl", "annotate", "--overwrite", "namespace", found["namespace"], long_ago)
    day.show("blissful-infra", "env", "reap", "--dry-run")
    day.show("blissful-infra", "env", "reap")
    print("```")


def main() -> int:
    """Make the day and print it."""
    print(HEAD, end="")
    with tempfile.TemporaryDirectory() as scratch:
        day = Day(Path(scratch) / "my-service")
        try:
            tell(day)
        finally:
            day.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
