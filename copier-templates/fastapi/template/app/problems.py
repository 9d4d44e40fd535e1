"""Every error as an RFC 9457 problem document."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

DETAILS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this path.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This path does not take this method.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The service failed to answer; its log says why.",
}


def handle_in(app: FastAPI) -> None:
    """Answer the application's errors as problem documents."""
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_invalid_request)
    app.exception_handler(ClientDisconnect)(_client_gone)


def problem(path: str, status: int, detail: str | None = None, headers: dict[str, str] | None = None) -> JSONResponse:
    """One problem document; `path` is the path that was asked for."""
    phrase = HTTPStatus(status).phrase
    content = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": DETAILS.get(HTTPStatus(status), phrase) if detail in (None, phrase) else detail,
        "instance": path,
    }
    return JSONResponse(content, status, headers, media_type="application/problem+json")


async def _http_error(request: Request, error: HTTPException) -> JSONResponse:
    headers = dict(error.headers) if error.headers else None
    return problem(request.url.path, error.status_code, error.detail, headers)


async def _invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
    detail = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors())
    return problem(request.url.path, HTTPStatus.BAD_REQUEST, detail)


async def _client_gone(request: Request, _: ClientDisconnect) -> JSONResponse:
    return problem(request.url.path, HTTPStatus.BAD_REQUEST, "The request ended early.")
