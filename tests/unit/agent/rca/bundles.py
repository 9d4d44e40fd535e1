"""Small evidence bundles, written as a person would."""

from collections.abc import Mapping
from pathlib import Path

START = 1_767_268_800  # 2026-01-01T12:00:00Z
STEP = 60
ROWS = 60
ONSET_ROW = 40


def a_bundle(folder: Path, header: str = "", files: Mapping[str, str] | None = None) -> Path:
    """A bundle with a question and these files."""
    folder.mkdir(parents=True, exist_ok=True)
    title = "version: 1\ntitle: shop is slow\nalert: 'shop is slow: its latency is over the objective'\n"
    (folder / "bundle.yaml").write_text(header if header.startswith("version") else title + header)
    for name, text in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def a_table(**columns: tuple[float, float]) -> str:
    """Rows a minute; each metric has its normal value, then from `ONSET_ROW` on the other, both with a small ripple."""
    lines = [",".join(["time", *columns])]
    for row in range(ROWS):
        ripple = 1 + 0.01 * (row % 5 - 2)
        cells = [f"{(after if row >= ONSET_ROW else before) * ripple:.6g}" for before, after in columns.values()]
        lines.append(",".join([str(START + STEP * row), *cells]))
    return "\n".join(lines) + "\n"


def at(row: int) -> str:
    """The time of a row, as bundle.yaml writes it."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(START + STEP * row, UTC).isoformat().replace("+00:00", "Z")
