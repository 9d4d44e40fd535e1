"""Reads an evidence bundle: a folder that holds all the person on call can see (docs/evidence-bundle.md), or the same
documents in memory.

Belongs here: the folder's layout, and reading it safely, since a bundle is untrusted: no link out of the folder, no
unbounded file, no parser's surprise. Does not belong here: what the parts mean. Nothing is ever written.
"""

from agent.collectors.bundle.errors import BundleError
from agent.collectors.bundle.files import Limits
from agent.collectors.bundle.header import text_of_header
from agent.collectors.bundle.reading import investigation_of, read_bundle

__all__ = ["BundleError", "Limits", "investigation_of", "read_bundle", "text_of_header"]
