"""Where a live project's evidence comes from: one file a source, each giving documents in the layout of a bundle.

Belongs here: reaching a source, bounding what is taken from it, and writing it down so that it can be quoted. Does not
belong here: what the evidence means, and where a project keeps its addresses. Nothing is ever changed at a source. A
source that cannot be reached is UNAVAILABLE, with the reason; credentials come from the environment only.
"""
