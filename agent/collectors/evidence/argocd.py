"""What Argo CD says of the applications that deploy to a namespace, read from their objects through kubectl."""

from collections.abc import Callable
from datetime import datetime, timedelta

from agent.collectors.evidence.bounding import newest
from agent.collectors.evidence.kubectl import Kubectl, KubectlError
from agent.collectors.evidence.naming import path_of
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.normalize.kubernetes.argo import deploys_of, destination_of, state_lines
from agent.normalize.kubernetes.objects import name_of

NOW = timedelta(minutes=2)
"""A window that ended so long ago still ends now."""
KIND = "applications.argoproj.io"


class ArgoApplications:
    """`kubernetes/argocd-<application>.txt`: state, last operation, conditions; `notes/argocd/deploys.yaml`."""

    name = "argocd"

    def __init__(self, kubectl: Kubectl, clock: Callable[[], datetime]) -> None:
        self._kubectl = kubectl
        self._clock = clock

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The state is as it is now, and left out for a window that ended before; the deploys are the window's."""
        try:
            items = self._kubectl.items(KIND, all_namespaces=True)
        except KubectlError as error:
            if error.no_such_kind:
                return Gathered.of(self.name, (), detail="the cluster has no Argo CD")
            return Gathered.unavailable(self.name, str(error))
        ours = [item for item in items if destination_of(item) == self._kubectl.namespace]
        share = Bound(bound.records, max(1, bound.octets // (len(ours) + 1)))
        documents: list[Document] = []
        cut = False
        for item in ours if self._clock() - window.until <= NOW else ():
            lines, short = newest(list(state_lines(name_of(item), item)), share)
            cut = cut or short
            if lines:
                documents.append(
                    Document(path_of("kubernetes", f"argocd-{name_of(item)}", "txt"), "\n".join(lines) + "\n")
                )
        deploys, short = newest([line for item in ours for line in deploys_of(name_of(item), item, window)], share)
        if deploys:
            documents.append(Document("notes/argocd/deploys.yaml", "\n".join(deploys) + "\n"))
        detail = f"{len(ours)} of {len(items)} applications deploy here, {len(deploys)} syncs in range"
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=cut or short)
