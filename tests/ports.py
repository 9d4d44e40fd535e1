"""Ports that are free right now."""

import contextlib
import socket


def free_ports(count: int) -> tuple[int, ...]:
    """Distinct ports on which nothing listens, chosen by the kernel."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return tuple(each.getsockname()[1] for each in sockets)
