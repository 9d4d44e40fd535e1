"""Which faults Chaos Mesh injected into a namespace, read from its experiments through kubectl."""

from datetime import datetime

from agent.collectors.evidence.bounding import newest
from agent.collectors.evidence.kubectl import Kubectl, KubectlError
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.normalize.kubernetes.chaos import experiment_lines

KINDS = ("podchaos", "networkchaos", "stresschaos", "iochaos", "timechaos", "dnschaos", "httpchaos", "jvmchaos")
NOTE = "notes/chaos-mesh.txt"


class ChaosExperiments:
    """`notes/chaos-mesh.txt`: one line for each fault that was applied or taken back in the window."""

    name = "chaos-mesh"

    def __init__(self, kubectl: Kubectl) -> None:
        self._kubectl = kubectl

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The newest lines where the bound cuts. Kinds that the cluster does not have are passed over."""
        rows: list[tuple[datetime, str]] = []
        known = experiments = 0
        try:
            for kind in KINDS:
                try:
                    items = self._kubectl.items(f"{kind}.chaos-mesh.org")
                except KubectlError as error:
                    if not error.no_such_kind:
                        raise
                    if not known:  # the kinds come and go together
                        break
                    continue
                known += 1
                experiments += len(items)
                rows += [row for item in items for row in experiment_lines(item, window)]
        except KubectlError as error:
            return Gathered.unavailable(self.name, str(error))
        if not known:
            return Gathered.of(self.name, (), detail="the cluster has no Chaos Mesh")
        lines, cut = newest([line for _, line in sorted(rows)], bound)
        documents = (Document(NOTE, "\n".join(lines) + "\n"),) if lines else ()
        detail = f"{experiments} experiments, {len(rows)} events in range"
        return Gathered.of(self.name, documents, detail=detail, truncated=cut)
