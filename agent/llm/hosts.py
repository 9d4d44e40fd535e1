"""Where Ollama listens, as `OLLAMA_HOST` says it, and whether that is this machine."""

import ipaddress
from urllib.parse import urlsplit

DEFAULT_HOST = "http://127.0.0.1:11434"


def host_url(ollama_host: str | None) -> str:
    """The base URL that `OLLAMA_HOST` means, as Ollama's own tools read it.

    >>> host_url(None), host_url("gpu-box"), host_url("0.0.0.0:9999")
    ('http://127.0.0.1:11434', 'http://gpu-box:11434', 'http://127.0.0.1:9999')
    """
    text = (ollama_host or "").strip().strip("\"'").rstrip("/")
    if not text:
        return DEFAULT_HOST
    parts = urlsplit(text if "://" in text else f"//{text}", scheme="http")
    host = parts.hostname or "127.0.0.1"
    if host in ("0.0.0.0", "::"):  # noqa: S104 - where a server listens everywhere, a client asks here
        host = "127.0.0.1"
    try:
        port = parts.port
    except ValueError:
        port = None
    fallback = {"https": 443}.get(parts.scheme, 80) if "://" in text else 11434
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port or fallback}{parts.path}"


def is_this_machine(url: str) -> bool:
    """Whether the URL names a loopback address; other names are taken to be remote, whatever they resolve to."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
