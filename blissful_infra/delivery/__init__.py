"""From a commit to the image in a registry, and to the revision that serves in a cluster.

Belongs here: images and registries, manifests, releases and their records, the waiting for a rollout. What is decided
is pure (`image.py`, `registries.py`, `manifests.py`, `release.py`, `rollout.py`, `diffing.py`); what talks to Docker,
git, a registry or a cluster stands apart. Does not belong here: the local stack (`stacks`), and parsing or printing
(`cli`).
"""
