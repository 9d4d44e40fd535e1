"""`argocd install`: tells what would be installed where, asks, and runs the playbook `argocd_install.yml`."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blissful_infra.cli.asking import agree_or_leave
from blissful_infra.cli.delivering import run_acts
from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.delivery.gitops.installing import NEWEST, Installation, Installer
from blissful_infra.settings.reading import NoProjectError, find_project


def install_argocd(context: str, release: str | None, options: Mapping[str, Any], output: Output) -> None:
    """Install it, or with `dry_run` say what that would be. The playbook gets the very bytes that were shown."""
    file, dry_run = options["file"], options["dry_run"]
    installer = Installer(context, release or NEWEST, sha256=options["sha256"], file=file)
    data = installer.fetched() if file is not None or not dry_run else None
    foreseen = installer.foreseen(() if data is None else installer.manifests(data))
    for line in _lines_of(foreseen):
        say(line)
    if data is not None and not dry_run:
        if not options["yes"]:
            nobody = f"nobody can be asked whether {context} gets it"
            hint = "look at --dry-run, then say --yes"
            agree_or_leave("Go on?", no_input=options["no_input"], nobody=nobody, hint=hint)
        with tempfile.NamedTemporaryFile(prefix="blissful-argocd-", suffix=".yaml") as copy:
            copy.write(data)
            copy.flush()
            variables = {"context": context, "version": foreseen.version, "sha256": foreseen.sha256, "file": copy.name}
            given = {f"argocd_{key}": value for key, value in variables.items()}
            run_acts(
                "argocd_install",
                _project_here(),
                given | {"argocd_timeout": options["timeout"]},
                limit=None,
                doing=("looking", "installing"),
            )
    if output is not Output.TABLE:
        print_data({"v": 1, "dry_run": dry_run, "installation": foreseen}, output)


def _project_here() -> Path | None:
    """The project whose state keeps the run, where there is one: an installation needs none."""
    try:
        return find_project(Path.cwd())
    except NoProjectError:
        return None


def _lines_of(found: Installation) -> list[str]:
    """An installation in words."""
    lines = [
        f"Argo CD {found.version} for the cluster {found.cluster} ({found.server}), namespace {found.namespace}",
        f"  from {found.url}",
        f"  sha256 {found.sha256}",
    ]
    if found.objects:
        lines.append("  " + ", ".join(f"{count} {kind}" for kind, count in found.objects.items()))
        lines.append("  " + ", ".join(f"{count} {change}" for change, count in found.changes.items()))
    return lines
