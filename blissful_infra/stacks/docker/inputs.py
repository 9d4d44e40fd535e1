"""What Compose is given for a stack: its name, the variables of compose.yaml, and the images swapped for others.

Passwords stay in `secrets.env`, which Compose reads by itself: they are in no other file and on no command line.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from blissful_infra.stacks.docker.compose import ComposeProject, files_with, image_overrides, read_services
from blissful_infra.stacks.docker.runtime import project_name
from blissful_infra.stacks.ports import CONTROLLER
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state.files import write_text

CA_VARIABLES = ("CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
IDENTITY = ("GIT_REVISION", "BUILD_TIME")


def variables_of(plan: StackPlan, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of compose.yaml but the secrets: ports, identity, and the CA bundle where this machine has its own.

    A network that intercepts TLS shows in `SSL_CERT_FILE` or its like; builds inside containers need that bundle too.
    """
    variables = {
        "COMPOSE_PROJECT_NAME": project_name(plan),
        "SECRETS_FILE": str(plan.secrets_file),
        **{f"{_upper(name)}_PORT": str(port) for name, port in plan.ports.items() if name != CONTROLLER},
    }
    for service in plan.services:
        variables |= {name: service.environment[name] for name in IDENTITY if name in service.environment}
    bundle = next((environ[name] for name in CA_VARIABLES if environ.get(name)), None)
    return variables | ({"CA_BUNDLE": bundle} if bundle else {})


def _upper(name: str) -> str:
    return name.upper().replace("-", "_")


def write_inputs(plan: StackPlan, images: Mapping[str, str]) -> ComposeProject:
    """Write what Compose reads, and say what it is to read. Raises `ComposeFileError` for a compose.yaml it refuses."""
    folder = plan.state_dir / "docker"
    environment = folder / "compose.env"
    variables = variables_of(plan, os.environ)
    write_text(environment, "".join(f"{name}={_quoted(value)}\n" for name, value in variables.items()))
    own = plan.project_dir / ".env"
    project = ComposeProject(
        name=project_name(plan),
        folder=plan.project_dir,
        env_files=tuple(file for file in (own, environment, plan.secrets_file) if file.is_file()),
    )
    override = folder / "images.json"
    swapped = image_overrides(read_services(project), images) if images else {}
    if not swapped:
        override.unlink(missing_ok=True)
        return project
    write_text(override, json.dumps(swapped, indent=2) + "\n")
    return replace(project, files=files_with(override, Path(plan.project_dir)))


def _quoted(value: str) -> str:
    """Single quotes: Compose expands nothing inside them."""
    return "'" + value.replace("'", "\\'") + "'"
