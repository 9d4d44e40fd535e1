"""Bytes that somebody else wrote, as text: UTF-8, or UTF-16 where the bytes show it; what is neither is said.

>>> decoded("ok".encode("utf-16"))
('ok', 'is UTF-16 and was read as such')
"""

import codecs

_SAMPLE = 4096
_BINARY = 0.1
"""From this share of NULs and undecodable bytes on, a text is called binary."""


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and a remark on what is odd about its bytes (empty where nothing is). Never fails."""
    if (encoding := _utf16_of(data[:_SAMPLE])) is not None:
        return data.decode(encoding, "replace").removeprefix("\ufeff"), "is UTF-16 and was read as such"
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    bad = 0 if data.isascii() else text.count("\ufffd") - data.count("\ufffd".encode())
    nulls = data.count(b"\0")
    if (bad + nulls) > _BINARY * len(data):
        return text, "holds binary data, which says nothing as text"
    if bad:
        return text, f"{bad} bytes are no UTF-8 and read as U+FFFD"
    return text, f"holds {nulls} NUL bytes" if nulls else ""


def _utf16_of(start: bytes) -> str | None:
    """The encoding that a byte-order mark names, or that NULs in every second place show."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return None
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) < 16:
        return None
    even, odd = start[0::2].count(0) / len(start[0::2]), start[1::2].count(0) / len(start[1::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.1 else None
