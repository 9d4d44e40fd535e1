import socket
from collections.abc import Callable

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.stacks.port_holders import holder_of
from blissful_infra.stacks.ports import NoFreePortsError, PortHolder, block_of, listens_nowhere, wishes_of
from tests.unit.stacks.factories import a_config

WISHES = {"app": 8080, "postgres": 5432}


def taken(*ports: int) -> Callable[[str, int], bool]:
    return lambda name, port: port not in ports


def test_free_wishes_are_granted() -> None:
    block = block_of(WISHES, {}, taken())
    assert (dict(block.ports), block.moved, block.obstacles) == (WISHES, False, ())


def test_one_taken_port_moves_the_whole_block() -> None:
    block = block_of(WISHES, {}, taken(5432))
    assert block.ports == {"app": 8180, "postgres": 5532}
    assert block.moved
    assert block.obstacles == (("postgres", 5432),)


def test_a_moved_block_stays_where_it_is_when_the_wishes_are_free_again() -> None:
    assert block_of(WISHES, {"app": 8180, "postgres": 5532}, taken()).ports == {"app": 8180, "postgres": 5532}


def test_a_taken_saved_block_moves_again() -> None:
    block = block_of(WISHES, {"app": 8180, "postgres": 5532}, taken(8180, 8080))
    assert block.ports == {"app": 8280, "postgres": 5632}


def test_a_changed_wish_is_granted() -> None:
    assert block_of({"app": 9000, "postgres": 5432}, {"app": 8180, "postgres": 5532}, taken()).ports["app"] == 9000


def test_no_block_left_is_an_error() -> None:
    with pytest.raises(NoFreePortsError):
        block_of(WISHES, {}, lambda name, port: False)


@given(
    wishes=st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 65535), min_size=1).filter(
        lambda wishes: len(set(wishes.values())) == len(wishes)
    ),
    busy=st.sets(st.integers(1, 65535), max_size=30),
)
def test_a_block_is_free_distinct_and_stable(wishes: dict[str, int], busy: set[int]) -> None:
    block = block_of(wishes, {}, taken(*busy)).ports
    assert not set(block.values()) & busy
    assert len(set(block.values())) == len(block)
    assert all(1 <= port <= 65535 for port in block.values())
    assert block_of(wishes, block, taken(*busy)).ports == block


def test_kafka_wishes_for_a_controller_port_of_its_own() -> None:
    services = {"app": {"port": 9093, "run": "./app"}}
    wishes = wishes_of(a_config(services=services))
    assert wishes["kafka-controller"] == 9094


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_listener_takes_its_port_and_is_named(address: str) -> None:
    with socket.socket() as listener:
        listener.bind((address, 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not listens_nowhere(port)
        holder = holder_of(port)
        assert f"pid {holder.pid} (" in str(holder)
        assert holder.command
        assert " ".join(psutil.Process().cmdline()).startswith(holder.command.rstrip("."))
    assert listens_nowhere(port)


def test_holders_are_told_in_words() -> None:
    assert str(PortHolder(1, container="db-1", project="shop")) == "container db-1 of project shop"
    assert str(PortHolder(1)) == "a process of another user"
