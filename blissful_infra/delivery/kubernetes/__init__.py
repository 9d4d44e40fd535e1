"""What any Kubernetes tool needs: objects, a cluster asked for them, what differs, and whether a rollout is done.

`manifests.py`, `diffing.py`, `rollout.py` and `rights.py` are pure; `cluster.py` asks the API server through one
context, `pods.py`, `pod_logs.py`, `namespacing.py` and `kubectl.py` rest on it. Nothing here knows a release, a preview
or Argo CD.
"""
