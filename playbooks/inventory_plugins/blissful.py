"""`blissful-infra.yaml` as an Ansible inventory source."""

import re
import sys
from pathlib import Path
from typing import Any, NoReturn

from ansible import context
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.utils.display import Display

DOCUMENTATION = r"""
name: blissful
short_description: A project's blissful-infra.yaml as an inventory
description:
  - Gives the host C(local), where the local stack runs, and one host for each environment the project declares,
    and for a preview that C(-l) names.
  - All of them are in the group C(blissful), and are reached from this machine (connection C(local)).
  - The variables are C(blissful) (the whole validated file), C(blissful_project_dir), C(blissful_environment),
    C(blissful_ports) (the ports in use, else the wished ones), and for an environment its own keys under C(blissful_).
options: {}
"""

EXAMPLES = r"""
# ansible-playbook playbooks/up.yml -i my-service/blissful-infra.yaml
"""


def import_package() -> None:
    """Find `blissful_infra`: installed, or in the checkout or package that this file stands in."""
    here = Path(__file__).resolve()
    for folder in (here.parents[2], here.parents[4] if len(here.parents) > 4 else here.parents[2]):
        if (folder / "blissful_infra" / "stacks").is_dir() and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        import blissful_infra.stacks.planning  # noqa: F401 - only whether it can be
    except ImportError as error:
        refuse(
            4,
            f"blissful-infra is not installed for the Python that runs Ansible, {sys.executable} ({error}); "
            f"install it there: {sys.executable} -m pip install blissful-infra",
        )


def refuse(exit_code: int, message: str) -> NoReturn:
    """End Ansible. An exception would not: the next inventory plugin would read the file, and find no hosts in it."""
    Display().error(message, wrap_text=False)
    raise SystemExit(exit_code)


def named() -> list[str]:
    """The hosts that `-l` names: previews come and go, so that only one that is asked for is a host."""
    return re.split(r"[,:]", str(context.CLIARGS.get("subset") or ""))


class InventoryModule(BaseInventoryPlugin):  # type: ignore[misc]
    """Reads the file with the same model as the command line, so that both refuse the same mistakes."""

    NAME = "blissful"

    def verify_file(self, path: str) -> bool:
        """Only files of this very name."""
        return super().verify_file(path) and Path(path).name == "blissful-infra.yaml"

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory, or say what is wrong with the file."""
        super().parse(inventory, loader, path, cache=cache)
        import_package()
        from agent.errors import BlissfulError
        from blissful_infra.delivery.previews.preview import preview_environment
        from blissful_infra.stacks.inventory import inventory_of
        from blissful_infra.stacks.planning import read_project

        try:
            project = read_project(Path(path).resolve())
        except BlissfulError as error:
            facts = "".join(f"\n  {name}: {value}" for name, value in error.context.items())
            hint = f"\n  hint: {error.hint}" if error.hint else ""
            refuse(error.exit_code, f"error[{error.code}]: {error.message}{facts}{hint}")
        inventory.add_group("blissful")
        asked = {name: preview_environment(project.settings.config, name) for name in named()}
        previews = {name: environment for name, environment in asked.items() if environment is not None}
        for host, variables in inventory_of(project, python=sys.executable, previews=previews).items():
            inventory.add_host(host, group="blissful")
            for name, value in variables.items():
                inventory.set_variable(host, name, value)
