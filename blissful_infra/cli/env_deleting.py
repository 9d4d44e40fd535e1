"""`env delete`: asks, deletes one preview, and waits until it is gone."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from blissful_infra.cli.asking import agree_or_leave
from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.delivery.previews.previews import Previews

if TYPE_CHECKING:
    from blissful_infra.settings.model import ProjectConfig


def delete_preview(config: "ProjectConfig", name: str, options: Mapping[str, Any], output: Output) -> None:
    """Delete the preview of this name; one that is gone already is said to be, and is no error."""
    previews = Previews(config)
    preview, began = previews.get(name), time.monotonic()
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
            previews.delete(preview)
            previews.wait_until_gone(preview, options["timeout"])
            say(f"✓ gone  {time.monotonic() - began:.1f}s")
    if output is not Output.TABLE:
        deleted = preview is not None and not options["dry_run"]
        found = {"v": 1, "name": name, "found": preview is not None, "deleted": deleted, "dry_run": options["dry_run"]}
        print_data(found, output)
