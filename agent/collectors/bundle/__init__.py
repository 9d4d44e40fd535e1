"""Reads an evidence bundle: a folder that holds all the person on call can see (docs/evidence-bundle.md).

Belongs here: the folder's layout, and reading it safely, since a bundle is untrusted: no link out of the folder, no
unbounded file, no parser's surprise. Does not belong here: what the parts mean. Nothing is ever written.
"""

from agent.collectors.bundle.errors import BundleError
from agent.collectors.bundle.files import Limits
from agent.collectors.bundle.reading import read_bundle

__all__ = ["BundleError", "Limits", "read_bundle"]
