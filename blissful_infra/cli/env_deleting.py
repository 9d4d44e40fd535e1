"""`env delete` and `env reap`: ask where a yes is needed, run the playbooks, print what became of the previews."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blissful_infra.cli.asking import agree_or_leave
from blissful_infra.cli.delivering import run_acts
from blissful_infra.cli.env_text import print_reaped
from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.delivery.previews.previews import Previews
from blissful_infra.delivery.previews.reaping import Fate, Reaped, complain, reap

if TYPE_CHECKING:
    from blissful_infra.settings.model import ProjectConfig

RETIRED = ("looking", "deleting")


def delete_preview(
    project_file: Path, config: "ProjectConfig", name: str, options: Mapping[str, Any], output: Output
) -> None:
    """Delete the preview of this name; one that is gone already is said to be, and is no error."""
    previews = Previews(config)
    preview = previews.get(name)
    if preview is None:
        say(f"There is no preview {name}.")
    else:
        say(f"The preview {name} of {preview.subject}, owner {preview.owner}")
        say(f"  cluster {previews.settings.cluster}, namespace {preview.namespace}")
        if not options["dry_run"]:
            if not options["yes"]:
                agree_or_leave(
                    "Delete it, with its data?",
                    no_input=options["no_input"],
                    nobody="a preview is deleted with all its data, and nobody can be asked",
                    hint="say yes: --yes",
                )
            variables = {"previews_name": name, "previews_timeout": options["timeout"]}
            run_acts("env_delete", project_file, variables, state=config.state, doing=RETIRED)
    if output is not Output.TABLE:
        deleted = preview is not None and not options["dry_run"]
        found = {"v": 1, "name": name, "found": preview is not None, "deleted": deleted, "dry_run": options["dry_run"]}
        print_data(found, output)


def reap_previews(project_file: Path, config: "ProjectConfig", *, dry_run: bool, output: Output) -> None:
    """Delete the previews that nobody uses, or say which those are; each one's fate is printed."""

    def show(found: tuple[Reaped, ...]) -> None:
        if output is not Output.TABLE:
            print_data({"v": 1, "dry_run": dry_run, "previews": found}, output)
        elif found:
            print_reaped(found)
        else:
            say("There are no previews.")

    if dry_run:
        found = reap(config, dry_run=True)
        show(found)
        complain(found)
        return

    def failed(_run_id: str, facts: Mapping[str, Any]) -> None:
        if "reaped" in facts:
            show(_reaped_in(facts))

    _, facts = run_acts(
        "env_reap", project_file, {}, state=config.state, doing=RETIRED, quiet_until="reaped", failed=failed
    )
    show(_reaped_in(facts))


def _reaped_in(facts: Mapping[str, Any]) -> tuple[Reaped, ...]:
    return tuple(Reaped(**{**each, "fate": Fate(each["fate"])}) for each in facts["reaped"])
