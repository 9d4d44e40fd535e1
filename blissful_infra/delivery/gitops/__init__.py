"""Delivery by Argo CD: a release is a commit to the branch that it follows.

`overlay.py`, `application.py` and `resources.py` are pure: the edit of a kustomization, what an Application's state
means, and the objects that Argo CD needs for a project. `target.py` says where a project's overlay is kept,
`checkout.py` holds a temporary clone of it, `committing.py` pushes one commit, `syncing.py` asks Argo CD to take it,
`registering.py` makes the objects. Nothing here touches the user's working tree.
"""
