"""`fix_restart.yml` restarts one real service and leaves the others alone."""

import pytest

from blissful_infra.stacks.stack import Health
from tests.ansible.conftest import Project, changed_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_one_service_is_restarted_and_its_data_stays(project: Project) -> None:
    project.play("up")
    before = {service.name: service.pid for service in project.status().services}
    assert changed_in(project.play("fix_restart", "--check", "-e", "local_stack_restart=redis")) > 0
    assert {service.name: service.pid for service in project.status().services} == before

    out = project.play("fix_restart", "-e", "local_stack_restart=redis")
    assert "✓ Redis ready" in out
    after = {service.name: service.pid for service in project.status().services}
    assert after["redis"] != before["redis"]
    assert {name: pid for name, pid in after.items() if name != "redis"} == {
        name: pid for name, pid in before.items() if name != "redis"
    }
    assert project.status().health is Health.HEALTHY
    project.play("down")


def test_a_name_that_is_none_of_the_stacks_is_told(small: Project) -> None:
    small.play("up")
    pid = small.service("app").pid
    assert "did you mean 'app'?" in small.play("fix_restart", "-e", "local_stack_restart=ap", expect=2)
    assert "Name the service" in small.play("fix_restart", expect=2)
    assert small.service("app").pid == pid
    assert "✓ Application running" in small.play("up")
    small.play("down")
