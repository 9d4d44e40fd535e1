"""The service's image: built, tagged, pushed, listed, and pinned by its digest.

`image.py` (references, tags) and `registries.py` (the kinds of registry) are pure; `building.py` runs Docker,
`local_registry.py` starts a registry here, `registry_client.py` speaks to one and `registry_access.py` finds who one is
to it. `imaging.py` is what the commands `image build|push|list` do. Nothing here knows Kubernetes.
"""
