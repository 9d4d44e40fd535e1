"""How long `deploy` takes where Argo CD delivers, against the same commit pushed, then synced by `argocd`."""

from itertools import cycle

from benchmarks.delivered import Delivered, Image, delivered_project, settled, why_not
from benchmarks.rows import Row, alternating
from tests.delivery.test_gitops import delivered as project_on_a_branch
from tests.delivery.test_gitops import forget, known
from tests.templates.rendering import git

WHAT = "deploy through Argo CD, image present, one pod replaced"
PEER = "git push, argocd app sync, argocd app wait --health"
PARTS = {"its git server": "BLISSFUL_TEST_GIT", "Argo CD": "ARGOCD_SERVER"}
RUNS = 5


def measure() -> Row:
    if reason := why_not("deploy_gitops", **PARTS):
        return Row(WHAT, reach=1.3, note=reason)
    with delivered_project(project_on_a_branch, forget) as delivered:
        known(delivered.project)
        images = [delivered.image() for _ in range(2)]
        delivered.deploy(images[0])
        peer = _Peer(delivered)
        peer.take(images[1])
        turns = cycle(images)  # each run finds the other image serving
        ours, peers, ratio = alternating(
            lambda: settled(delivered, lambda: delivered.deploy(next(turns))),
            lambda: settled(delivered, lambda: peer.take(next(turns))),
            runs=RUNS,
            warm_up=0,
        )
    return Row(WHAT, ours, PEER, peers, ratio, reach=1.3)


class _Peer:
    """A clone whose commits are pushed, and the program `argocd`."""

    def __init__(self, delivered: Delivered) -> None:
        self.delivered = delivered
        self.folder = delivered.project.folder.parent / "clone"
        url = git(delivered.project.folder, "remote", "get-url", "origin")
        git(delivered.project.folder.parent, "clone", "--quiet", "--branch", "main", url, str(self.folder))

    def take(self, image: Image) -> float:
        """Commit the digest, not timed; then push it, sync it and wait until it is healthy."""
        git(self.folder, "pull", "--quiet", "origin", "main")
        overlay = self.folder / "deploy/overlays/staging/kustomization.yaml"
        lines = overlay.read_text().splitlines(keepends=True)
        digest = image.reference.partition("@")[2]
        written = [f"{line.partition('digest:')[0]}digest: {digest}\n" if "digest:" in line else line for line in lines]
        overlay.write_text("".join(written))
        git(self.folder, "commit", "--quiet", "--all", "--message", "release")
        name = self.delivered.project.namespace
        return (
            self.delivered.run("git", "-C", str(self.folder), "push", "--quiet", "origin", "HEAD:main")
            + self.delivered.run("argocd", "app", "sync", name)
            + self.delivered.run("argocd", "app", "wait", name, "--health", "--sync")
        )
