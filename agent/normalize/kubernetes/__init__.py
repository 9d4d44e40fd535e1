"""What kubectl prints, read tolerantly: objects with their containers and events.

Belongs here: the shape of `describe` output and of manifests. Does not belong here: what is wrong with an object,
which `agent.rca.cluster` and the signatures tell.
"""

from agent.normalize.kubernetes.describe import Container, ContainerState, KubeObject, objects_of

__all__ = ["Container", "ContainerState", "KubeObject", "objects_of"]
