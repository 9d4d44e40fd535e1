"""Every category that the engine can give is in docs/taxonomy.md."""

import re
from pathlib import Path

from agent.rca.changes.mechanisms import MECHANISMS
from agent.rca.changes.outside import OUTSIDE
from agent.rca.metrics.by_score import CATEGORIES

TAXONOMY = Path(__file__).parents[4] / "docs" / "taxonomy.md"


def test_every_category_of_the_rules_is_published() -> None:
    published = set(re.findall(r"^\| `([a-z0-9-]+)` \|", TAXONOMY.read_text(encoding="utf-8"), re.MULTILINE))
    given = {one.category for one in (*MECHANISMS, *OUTSIDE)} | set(CATEGORIES.values())
    assert given | {"healthy", "unknown", "code-defect"} <= published
