"""Amounts of memory as Kubernetes, Compose and the JVM write them, and one step more of each."""

import re

_KUBERNETES = {
    "": 1,
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "Ti": 2**40,
}
_COMPOSE = {"": 1, "b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}
_AMOUNT = re.compile(r"(?P<number>\d{1,15}(?:\.\d{1,6})?)\s?(?P<unit>[A-Za-z]{0,2})")
_UP = {"Ki": "Mi", "Mi": "Gi", "k": "m", "m": "g", "kb": "mb", "mb": "gb", "K": "M", "M": "G"}


def octets(amount: str, *, compose: bool = False) -> int | None:
    """The amount in bytes; `None` for what is no amount.

    >>> octets("512Mi"), octets("512m", compose=True), octets("lots")
    (536870912, 536870912, None)
    """
    found = _AMOUNT.fullmatch(amount)
    units = _COMPOSE if compose else _KUBERNETES
    unit = found["unit"] if found else "?"
    unit = unit.lower() if compose else unit
    return int(float(found["number"]) * units[unit]) if found and unit in units else None


def doubled(amount: str) -> str | None:
    """Twice the amount in the same unit, or in the next one where it is a whole number of it.

    >>> doubled("512Mi"), doubled("768Mi"), doubled("1.5Gi"), doubled("256m"), doubled("plenty")
    ('1Gi', '1536Mi', '3Gi', '512m', None)
    """
    found = _AMOUNT.fullmatch(amount)
    if found is None:
        return None
    number, unit = float(found["number"]) * 2, found["unit"]
    up = _UP.get(unit) or (_UP.get(unit.lower(), "") if unit.islower() else None)
    if up and number >= 1024 and number % 1024 == 0 and unit != "M":
        return f"{number / 1024:g}{up}"
    return f"{number:.0f}{unit}" if number == int(number) else f"{number:g}{unit}"
