"""`blissful-infra.yaml` as an inventory: the guard, the hosts, mistakes with their line."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.ansible.conftest import BIN, ROOT, Project


def inventory(file: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(BIN / "ansible-inventory"), "-i", str(file), "--list", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_hosts_are_local_and_the_environments(small: Project) -> None:
    document = json.loads(small.file.read_text())
    document["environments"] = {"staging": {"cluster": "c", "namespace": "tiny-staging", "replicas": 2}}
    small.file.write_text(json.dumps(document))
    found = json.loads(inventory(small.file).stdout)
    assert set(found["blissful"]["hosts"]) == {"local", "staging"}
    variables = found["_meta"]["hostvars"]
    assert literal(variables["local"]["ansible_connection"]) == "local"
    assert literal(variables["local"]["ansible_python_interpreter"]) == sys.executable
    assert variables["local"]["blissful_ports"]["app"] == small.port
    assert literal(variables["staging"]["blissful_namespace"]) == "tiny-staging"


def test_a_preview_that_is_named_is_a_host_and_nothing_else_is(small: Project) -> None:
    document = json.loads(small.file.read_text())
    document["previews"] = {"cluster": "c"}
    small.file.write_text(json.dumps(document))
    assert json.loads(inventory(small.file).stdout)["blissful"]["hosts"] == ["local"]
    found = json.loads(inventory(small.file, "--limit", "preview-pr-12").stdout)
    namespace = found["_meta"]["hostvars"]["preview-pr-12"]["blissful_namespace"]
    assert literal(namespace) == f"{document['name']}-preview-pr-12"
    assert "preview-main" not in inventory(small.file, "--limit", "preview-main").stdout


def literal(value: dict[str, str]) -> str:
    """A string from a plugin: Ansible marks it, so that braces in it are never evaluated."""
    return value["__ansible_unsafe"]


def test_a_mistake_is_told_with_its_line_and_the_nearest_key(small: Project) -> None:
    small.file.write_text("name: tiny\nservices:\n  app:\n    port: 8080\n    runs: ./app\n")
    done = inventory(small.file)
    assert "error[invalid-configuration]" in done.stderr
    assert "blissful-infra.yaml:5" in done.stderr
    assert "`run`" in done.stderr


def test_without_the_plugin_the_guard_fails_clearly(small: Project, tmp_path: Path) -> None:
    empty = tmp_path / "ansible.cfg"
    empty.write_text("")
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "playbooks/up.yml", "-i", str(small.file)],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(empty)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "No project was read" in done.stdout
    assert "ANSIBLE_CONFIG" in done.stdout
