"""From many sources' events to one ordered story: merge, order, window, collapse repeats.

Belongs here: pure functions over events that any judgement needs, whatever it judges. Does not belong here: what an
event means (that is judgement), how it was read (collectors), what it looked like raw (normalize). No I/O and no
clock.
"""

from agent.timeline.repeats import Repeat, collapse
from agent.timeline.timeline import Timeline, timeline_of

__all__ = ["Repeat", "Timeline", "collapse", "timeline_of"]
