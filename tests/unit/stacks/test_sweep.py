"""What no supervisor has any more is found by its mark, ended, and told where it is news."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest

from blissful_infra.stacks.process.supervisor import MARK, SERVICE
from blissful_infra.stacks.process.sweep import sweep

Left = dict[str, subprocess.Popen[bytes]]


@pytest.fixture
def stack_id() -> str:
    return uuid.uuid4().hex[:8]


@pytest.fixture
def left(stack_id: str) -> Iterator[Left]:
    """Two processes of a stack: a service's, and what its build left running."""
    started = {
        service: subprocess.Popen(
            [sys.executable, "-c", "print('up', flush=True); import time; time.sleep(60)"],
            stdout=subprocess.PIPE,
            env={**os.environ, MARK: stack_id, SERVICE: service},
        )
        for service in ("app", "app-build")
    }
    for each in started.values():
        assert each.stdout is not None
        each.stdout.readline()
    yield started
    for each in started.values():
        each.kill()
        each.communicate()


def test_both_end_and_only_the_service_is_told(left: Left, stack_id: str) -> None:
    told = sweep(stack_id)
    assert [each.split()[0] for each in told] == [str(left["app"].pid)]
    assert all(each.wait(10) is not None for each in left.values())


def test_another_stack_is_left_alone(left: Left) -> None:
    assert sweep(uuid.uuid4().hex[:8]) == ()
    assert all(each.poll() is None for each in left.values())
