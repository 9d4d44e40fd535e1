"""What a report says beside the ranked causes: for and against each, what made it worse, and what happened when.

Belongs here: pure functions from the evidence and the ranked causes. Does not belong here: finding causes, printing.
"""

from agent.rca.report.contributing import contributing_in
from agent.rca.report.counting import with_counts
from agent.rca.report.hypotheses import weighed
from agent.rca.report.story import story_of

__all__ = ["contributing_in", "story_of", "weighed", "with_counts"]
