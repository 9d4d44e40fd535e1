"""A project's live evidence: which sources it has, where they are, and what they give, as one bundle.

Belongs here: from a project's settings and stack to the sources of `agent.collectors.evidence`, and writing what they
gave. Does not belong here: how a source is read, and what the evidence means (`agent`).
"""
