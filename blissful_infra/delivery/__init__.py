"""From a commit to the revision that serves in a cluster.

Here stand releases: what a deploy would do (`planning.py`, `kustomizing.py`), the record of one (`release.py`,
`records.py`), the waiting for it (`watching.py`), what made it fail (`explaining.py`, `finding.py`), the gates before a
promotion, and how environments are (`surveying.py`). Rooms of their own: `images`, `kubernetes`, `gitops`, `previews`.
Does not belong here: the local stack (`stacks`), and parsing or printing (`cli`).
"""
