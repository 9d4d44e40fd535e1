"""Log templates: 100,000 lines that one statement of a program wrote are one template with a count.

Belongs here: telling what varies in log lines from what the program's author wrote, with one configuration for all
systems. Does not belong here: reading logs, parsing records (time, level, service), judging what a template means.
No word and no number in here may be chosen for one system's logs.
"""

from agent.normalize.templates.mining import Mined, Template, mine

__all__ = ["Mined", "Template", "mine"]
