"""What a service answers at `/ready`."""

WITHIN_S = 4.0
_LONGEST_BODY = 64 * 1024


def ask_ready(url: str) -> tuple[int, bytes]:
    """The status and the beginning of the body. Raises `OSError` with the reason when nothing answers in time."""
    import httpx

    body = b""
    try:
        with httpx.stream("GET", url, timeout=WITHIN_S, trust_env=False) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _LONGEST_BODY:
                    break
            return response.status_code, body
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(str(error) or type(error).__name__) from error
