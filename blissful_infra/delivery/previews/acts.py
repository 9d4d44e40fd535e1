"""What the action plugin `blissful_delivery` can be asked to do with previews; the role `previews` calls it."""

import dataclasses
import getpass
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blissful_infra.delivery.previews.options import check_ttl, name_meant, ref_of, subject_of
from blissful_infra.delivery.previews.preview import environment_name, name_of
from blissful_infra.delivery.previews.previews import Previews
from blissful_infra.delivery.previews.reaping import Fate, ReapIncompleteError, complain, reap
from blissful_infra.delivery.previews.survey import status_of_previews, url_of
from blissful_infra.paths import PROJECT_FILE
from blissful_infra.runs.failed_result import failed_result
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.reading import load_project

Arguments = Mapping[str, Any]
Result = dict[str, Any]
Tell = Callable[[Mapping[str, Any]], None]

NOTHING: Mapping[str, Any] = {"delivery": "previews", "state": "going", "detail": "there are no previews"}


def _open(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    config, folder = _project(arguments)
    subject = subject_of(_text(arguments, "branch"), _text(arguments, "pr"))
    ttl = _text(arguments, "ttl")
    check_ttl(ttl)
    name = name_of(config.name, subject)
    ref = ref_of(folder, subject, ref=_text(arguments, "ref"), image=_text(arguments, "image"))
    preview = Previews(config).open(
        subject,
        owner=_text(arguments, "owner") or getpass.getuser(),
        ttl=ttl,
        now=time.time(),
        timeout_s=float(arguments.get("timeout") or 300),
        change=not check,
    )
    verb = "would be opened" if preview is None else "is open"
    tell({"delivery": name, "state": "going", "detail": f"The preview {name} of {subject} {verb}"})
    facts = {"preview_environment": environment_name(name), "ref": ref, "url": url_of(config, name)}
    return {"changed": True, "there": preview is not None, **facts}


def _list(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    config, _ = _project(arguments)
    found = status_of_previews(config)
    for each in found:
        detail = f"{each.name}: {each.health}, revision {each.revision or 'unknown'}, {each.url or each.namespace}"
        tell({"delivery": each.name, "state": "going", "detail": detail})
    if not found:
        tell(NOTHING)
    return {"changed": False, "previews": [dataclasses.asdict(each) for each in found]}


def _delete(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    config, _ = _project(arguments)
    name = name_meant(config, _text(arguments, "name"), _text(arguments, "branch"), _text(arguments, "pr"))
    began = time.monotonic()
    previews = Previews(config)
    preview = previews.get(name)
    if preview is None:
        tell({"delivery": name, "state": "going", "detail": f"there is no preview {name}"})
        return {"changed": False}
    if check:
        detail = f"The preview {name} of {preview.subject} would be deleted, with its data"
        tell({"delivery": name, "state": "going", "detail": detail})
    else:
        previews.delete(preview)
        previews.wait_until_gone(preview, float(arguments.get("timeout") or 300))
        after = round(time.monotonic() - began, 1)
        tell({"delivery": name, "state": "done", "detail": f"The preview {name} is gone", "after_s": after})
    return {"changed": True}


def _reap(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    config, _ = _project(arguments)
    found = reap(config, dry_run=check or bool(arguments.get("dry_run")))
    for each in found:
        tell({"delivery": each.name, "state": "going", "detail": f"{each.name}: {each.fate}, {each.detail}"})
    if not found:
        tell(NOTHING)
    changed = any(each.fate in {Fate.REAPED, Fate.DUE} for each in found)
    result = {"changed": changed, "reaped": [dataclasses.asdict(each) for each in found]}
    try:
        complain(found)
    except ReapIncompleteError as error:
        return result | failed_result(error)  # what became of the others is told all the same
    return result


PREVIEW_ACTS: Mapping[str, Callable[..., Result]] = {
    "preview_open": _open,
    "preview_list": _list,
    "preview_delete": _delete,
    "preview_reap": _reap,
}


def _text(arguments: Arguments, key: str) -> str | None:
    return str(arguments.get(key) or "") or None


def _project(arguments: Arguments) -> tuple[ProjectConfig, Path]:
    folder = Path(str(arguments["project"])).resolve()
    folder = folder.parent if folder.name == PROJECT_FILE else folder
    return load_project(folder / PROJECT_FILE), folder
