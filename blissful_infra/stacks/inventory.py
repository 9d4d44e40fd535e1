"""A project as hosts and variables: what the inventory plugin gives to Ansible. Pure."""

from collections.abc import Mapping
from typing import Any

from blissful_infra.settings.model import Environment
from blissful_infra.stacks.planning import Project
from blissful_infra.stacks.ports import wishes_of


def inventory_of(
    project: Project, *, python: str, previews: Mapping[str, Environment] | None = None
) -> dict[str, dict[str, Any]]:
    """The host `local`, and one host for each environment, with their variables; for these previews too."""
    config = project.settings.config
    shared = {
        "ansible_connection": "local",
        "ansible_python_interpreter": python,
        "blissful": config.model_dump(mode="json"),
        "blissful_project_dir": str(project.folder),
        "blissful_ports": {**wishes_of(config), **project.saved_ports},
    }
    hosts = {"local": {**shared, "blissful_environment": "local"}}
    for name, environment in {**config.environments, **(previews or {})}.items():
        own = {f"blissful_{key}": value for key, value in environment.model_dump(mode="json").items()}
        hosts[name] = {**shared, **own, "blissful_environment": name}
    return hosts
