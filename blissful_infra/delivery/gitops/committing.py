"""One commit to the branch that Argo CD follows: an image pinned, or an overlay brought back."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from blissful_infra.delivery.gitops.checkout import Checkout, author_of, checkout
from blissful_infra.delivery.gitops.overlay import image_in, with_image
from blissful_infra.delivery.gitops.target import GitOpsTarget
from blissful_infra.delivery.images.image import reference_of
from blissful_infra.errors import RunFailedError

ATTEMPTS = 5
PAUSE_S = 0.4


class PushRefusedError(RunFailedError):
    """The server takes no commit to the branch."""

    code = "git-push-refused"


class SupersededError(RunFailedError):
    """Another image was committed to the overlay meanwhile."""

    code = "release-superseded"


@dataclass(frozen=True, slots=True)
class OverlayChange:
    """What a release changes in the overlay: back to a commit's, where one is named, else the image alone."""

    project: str
    image: str
    tag: str | None
    restores: str | None = None

    def made_in(self, clone: Checkout) -> None:
        """Make the change in a clone; the second time, nothing changes any more."""
        if self.restores is not None:
            clone.restore(self.restores)
        else:
            clone.write(with_image(clone.text(), self.project, reference_of(self.image), self.tag))


def push_change(
    target: GitOpsTarget, change: OverlayChange, message: str, *, project_folder: Path, beat: Callable[[], None]
) -> tuple[str, bool]:
    """The commit of the branch that holds the change, and whether it had to be made.

    A push that is refused because somebody else pushed is tried again on top of theirs. Raises PushRefusedError.
    """
    author = author_of(project_folder)
    said: str | None = None
    with checkout(target) as clone:
        for attempt in range(ATTEMPTS):
            if attempt:
                beat()
                time.sleep(PAUSE_S * attempt)
                clone.renew()
            change.made_in(clone)
            commit = clone.commit(message, author)
            if commit is None:
                return clone.tip(), False
            said = clone.push()
            if said is None:
                return commit, True
    raise PushRefusedError(
        f"{target.shown} takes no commit to {target.branch}",
        hint=f"see that you may push to {target.branch}, then run this again: nothing was changed",
        context={"git": "\n" + str(said)},
    )


def newer_commit(target: GitOpsTarget, change: OverlayChange, commit: str) -> str:
    """The newest commit of the branch, where it still holds the change. Raises SupersededError."""
    with checkout(target) as clone:
        tip = clone.tip()
        if tip != commit and (found := image_in(clone.text(), change.project)) != change.image:
            raise SupersededError(
                f"the branch {target.branch} was moved on to {found or 'no image'} while this release was made",
                hint="see who else commits to the overlay, then deploy again",
            )
    return tip
