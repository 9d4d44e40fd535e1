"""Opening a pull request: one file a provider, listed in `PROVIDERS`.

Belongs here: talking to a provider, and which one a remote belongs to. Does not belong here: what the request says, and
asking whether it may be sent.
"""

from blissful_infra.fixing.pull_requests.github import GitHub
from blissful_infra.fixing.pull_requests.provider import Provider

PROVIDERS: tuple[type[Provider], ...] = (GitHub,)
