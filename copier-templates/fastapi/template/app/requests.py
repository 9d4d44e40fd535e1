"""What happens around every request: one measurement, one line in the log. (FastAPI itself makes the span.)"""

import logging
import time
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.metrics import REQUEST_DURATION
from app.problems import problem
from app.tracing import traceparent

UNLOGGED = frozenset({"/health", "/ready", "/metrics"})
METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})

logger = logging.getLogger("app.http")


class RequestLog:
    """ASGI middleware. It also answers what nothing else caught, so that a failure keeps its trace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; lifespan messages pass through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method: str = scope["method"]
        if method == "HEAD":  # the server drops the body; the routes need not know
            scope = {**scope, "method": "GET"}
        began = time.perf_counter_ns()
        status = await self._answer(scope, receive, send)
        nanoseconds = time.perf_counter_ns() - began
        route = _route_of(scope)
        known_method = method if method in METHODS else "_OTHER"
        REQUEST_DURATION.labels(known_method, route, str(status)).observe(nanoseconds / 1e9)
        if route not in UNLOGGED:
            _log(method, scope["path"], route, status, nanoseconds)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> int:
        status = 0

        async def send_with_trace(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["traceparent"] = traceparent()
            await send(message)

        try:
            await self.app(scope, receive, send_with_trace)
        except Exception:
            logger.exception("unhandled error")
            if not status:
                response = problem(scope["path"], HTTPStatus.INTERNAL_SERVER_ERROR)
                await response(scope, receive, send_with_trace)
        return status


def _route_of(scope: Scope) -> str:
    """The template of the route, never the values in it; empty where no route matched."""
    return str(getattr(scope.get("route"), "path", ""))


def _log(method: str, path: str, route: str, status: int, nanoseconds: int) -> None:
    fields = {
        "http": {"request": {"method": method}, "response": {"status_code": status}},
        "url": {"path": path},
        "event": {"duration": nanoseconds},
    }
    logger.info("%s %s %d", method, route or path, status, extra={"ecs": fields})
