"""What a cause tells a fixer: its words, and the names of the component at fault."""

from agent.domain.claim import Claim
from agent.normalize.kubernetes.describe import workload_of

LONGEST = 20_000


def words_of(cause: Claim) -> str:
    """The cause's text and all its quotes, bounded."""
    return "\n".join([cause.cause, *(quote.text for quote in cause.evidence)])[:LONGEST]


def is_of_a_cluster(cause: Claim) -> bool:
    """Whether it is about a pod, or the evidence is Kubernetes' own, so that nothing on this machine mends it."""
    name = cause.subject.rsplit("/", 1)[-1].strip()
    return workload_of(name) != name or any(quote.path.startswith("kubernetes/") for quote in cause.evidence)


def subject_name(cause: Claim) -> str:
    """The subject without its kind and without what a Deployment appended to a pod's name, in lower case."""
    return workload_of(cause.subject.rsplit("/", 1)[-1].strip()).lower()
