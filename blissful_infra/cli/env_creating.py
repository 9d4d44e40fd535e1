"""`env create`: opens a preview and deploys to it with the playbook `env_create.yml`, and prints where it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.delivery.previews.options import check_ttl, ref_of, subject_of
from blissful_infra.delivery.previews.preview import environment_name, name_of
from blissful_infra.delivery.previews.previews import NoSuchPreviewError, Previews
from blissful_infra.delivery.previews.survey import status_of, url_of

if TYPE_CHECKING:
    from blissful_infra.settings.model import ProjectConfig

PASSED_ON = ("branch", "pr", "ref", "image", "ttl", "owner", "wait", "timeout")


def create_preview(project_file: Path, config: "ProjectConfig", options: Mapping[str, Any], output: Output) -> None:
    """Make the preview that the options of `env create` name; its URL goes to stdout."""
    subject = subject_of(options["branch"], options["pr"])
    check_ttl(options["ttl"])
    previews, name = Previews(config), name_of(config.name, subject)
    if options["dry_run"]:
        _show_plan(project_file, config, previews, name, options, output)
        return
    from blissful_infra.cli.delivering import run_delivery

    variables = {f"previews_{key}": options[key] for key in PASSED_ON if options[key] is not None}
    result, released = run_delivery("env_create", project_file, config, "local", variables)
    preview = previews.get(name)
    if preview is None:
        raise NoSuchPreviewError(f"the preview {name} is gone again", hint="somebody deleted it meanwhile")
    if output is not Output.TABLE:
        status = status_of(previews, preview)
        print_data(
            {"v": 1, "run_id": result.run_id, "dry_run": False, "preview": status, "release": released, "changes": []},
            output,
        )
    elif url := url_of(config, name):
        click.echo(url)
    else:
        say(f"No Ingress: `previews.domain` names no domain. Its namespace is {preview.namespace}.")


def _show_plan(
    project_file: Path,
    config: "ProjectConfig",
    previews: Previews,
    name: str,
    options: Mapping[str, Any],
    output: Output,
) -> None:
    from blissful_infra.delivery.planning import plan_deploy
    from blissful_infra.delivery.telling import lines_of_plan

    subject, folder = subject_of(options["branch"], options["pr"]), project_file.resolve().parent
    ref = ref_of(folder, subject, ref=options["ref"], image=options["image"])
    preview = previews.open(subject, owner="", ttl=None, now=0, timeout_s=0, change=False)
    plan = plan_deploy(folder, config, environment_name(name), image=options["image"], ref=ref or None)
    for line in (*lines_of_plan(plan), f"  at {url_of(config, name) or 'no URL: previews.domain names no domain'}"):
        say(line)
    if output is not Output.TABLE:
        release = {"number": plan.number, "image": plan.image, "revision": plan.revision, "verdict": None}
        changes = [{"object": each.title, "change": each.change} for each in plan.diffs]
        status = None if preview is None else status_of(previews, preview)
        print_data(
            {"v": 1, "run_id": None, "dry_run": True, "preview": status, "release": release, "changes": changes}, output
        )
