"""Durations for people."""


def uptime(seconds: float | None) -> str:
    """The two largest units.

    >>> uptime(5), uptime(3725), uptime(200000), uptime(None)
    ('5s', '1h 2m', '2d 7h', '-')
    """
    if seconds is None:
        return "-"
    rest = int(seconds)
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count or (unit == "s" and not parts):
            parts.append(f"{count}{unit}")
        elif parts:
            break
    return " ".join(parts[:2])
