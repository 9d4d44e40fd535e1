"""The objects of a namespace as kubectl shows them, its events, and what the containers of its pods wrote."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.collectors.evidence.bounding import clipped, newest
from agent.collectors.evidence.kubectl import Kubectl, KubectlError
from agent.collectors.evidence.naming import path_of
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.normalize.kubernetes.objects import Container, containers_of, events_table, is_well, name_of
from agent.normalize.log_window import within

TABLES = (
    *("pods", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "cronjobs", "services"),
    *("endpointslices", "ingresses", "persistentvolumeclaims", "horizontalpodautoscalers", "networkpolicies"),
    *("resourcequotas", "limitranges"),
)
DESCRIBED = ("deployments", "statefulsets", "jobs", "services", "ingresses", "persistentvolumeclaims",
             "horizontalpodautoscalers")  # fmt: skip
OF_A_ROLLOUT = ("pods", "deployments", "jobs")
"""What tells why new pods do not come up, for who cannot wait for all."""
AT_ONCE = 4
_AROUND = (
    ("get-nodes", ("get", "nodes", "--output=wide"), True),
    ("top-pods", ("top", "pods", "--containers"), False),
    ("top-nodes", ("top", "nodes"), True),
)
_LONGEST_TABLE = 256 * 1024
_LONGEST_DESCRIPTION = 1024 * 1024
_MOST_PODS = 40
_NOW = timedelta(minutes=2)
_NOTHING = "No resources found"


class KubernetesObjects:
    """`kubernetes/get-*.txt`, `describe-*.txt`, `events.txt`, `top-*.txt`, and `logs/<pod>.log`, previous ones too.

    Objects are as they are now, and are left out for a window that ended before; the events and the lines are those of
    the window. Pods that are not well come first where there are many.
    """

    name = "kubernetes"

    def __init__(
        self,
        kubectl: Kubectl,
        clock: Callable[[], datetime],
        *,
        kinds: Sequence[str] = TABLES,
        around: bool = True,
    ) -> None:
        """`kinds` are the objects to look at; `around` is whether nodes and use are looked at too."""
        self._kubectl = kubectl
        self._clock = clock
        self._kinds = kinds
        self._around = around

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """Half of the bound is for logs; of each container the newest lines are kept."""
        try:
            pods = self._kubectl.items("pods")
            events = events_table(self._kubectl.items("events"), window)
        except KubectlError as error:
            return Gathered.unavailable(self.name, str(error))
        pods.sort(key=lambda pod: (is_well(pod), name_of(pod)))
        problems: list[str] = []
        kept, cut = newest(events, Bound(bound.records, max(1, bound.octets // 8)))
        found = [Document("kubernetes/events.txt", "\n".join(kept) + "\n")] if kept else []
        now = self._clock() - window.until <= _NOW
        objects = self._objects(pods[:_MOST_PODS], problems) if now else ()
        logs, lines, short = self._logs(pods[:_MOST_PODS], window, bound)
        left = bound.octets - sum(len(document.text.encode()) for document in (*found, *logs))
        for path, text in objects:
            kept_text = clipped(text, left)
            cut = cut or kept_text != text
            left -= len(kept_text.encode())
            if kept_text:
                found.append(Document(path, kept_text))
        bad = sum(not is_well(pod) for pod in pods)
        detail = f"{len(pods)} pods, {bad} not well, {len(events)} events, {lines:,} log lines"
        if not pods and not events:
            return Gathered.of(self.name, (), detail=f"the namespace {self._kubectl.namespace} holds no pods or events")
        detail = "; ".join([detail, *dict.fromkeys(problems)])
        return Gathered.of(self.name, (*found, *logs), detail=detail, truncated=cut or short or len(pods) > _MOST_PODS)

    def _objects(self, pods: Sequence[dict[str, Any]], problems: list[str]) -> Iterator[tuple[str, str]]:
        """What kubectl prints of objects, the most telling first; what it refuses is a problem, not an error."""
        names = [name_of(pod) for pod in pods]
        asked: list[tuple[str, tuple[str, ...], bool]] = [
            *((f"get-{kind}", ("get", kind, "--output=wide"), False) for kind in self._kinds[:1]),
            *([("describe-pods", ("describe", "pods", *names), False)] if names else []),
            *((f"get-{kind}", ("get", kind, "--output=wide"), False) for kind in self._kinds[1:]),
            *((f"describe-{kind}", ("describe", kind), False) for kind in DESCRIBED if kind in self._kinds),
            *(_AROUND if self._around else ()),
        ]

        def ask(one: tuple[str, tuple[str, ...], bool]) -> tuple[str, str, str]:
            title, arguments, everywhere = one
            most = _LONGEST_DESCRIPTION if title.startswith("describe") else _LONGEST_TABLE
            try:
                return title, self._kubectl.text(*arguments, most=most, everywhere=everywhere), ""
            except KubectlError as error:
                return title, "", str(error)

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="kubectl") as pool:
            answers = list(pool.map(ask, asked))
        unseen = {title for title, _, problem in answers if problem}
        for title, text, problem in answers:
            if title == "describe-services" and "get-endpointslices" in unseen:
                continue  # without the right to see them, kubectl says that a Service has none
            if problem:
                problems.append(f"{title}: {problem}")
            elif text.strip() and not text.startswith(_NOTHING):
                yield f"kubernetes/{title}.txt", text

    def _logs(self, pods: Sequence[dict[str, Any]], window: Window, bound: Bound) -> tuple[list[Document], int, bool]:
        """The documents, how many lines they hold, and whether there were more; a container without a log is silent."""
        containers = [one for pod in pods for one in containers_of(pod) if one.started]
        wanted = [(one, former) for one in containers for former in (False, True) if one.restarts or not former]
        if not wanted:
            return [], 0, False
        share = Bound(max(1, bound.records // len(wanted)), max(1, bound.octets // 2 // len(wanted)))

        def ask(one: tuple[Container, bool]) -> tuple[Sequence[str], bool]:
            container, former = one
            try:
                return self._lines(container, former, window, share)
            except KubectlError:  # gone meanwhile, or it never ran
                return (), False

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="kubectl") as pool:
            answers = list(pool.map(ask, wanted))
        documents = [
            Document(path_of("logs", container.subject, "previous.log" if former else "log"), "\n".join(lines) + "\n")
            for (container, former), (lines, _) in zip(wanted, answers, strict=True)
            if lines
        ]
        return documents, sum(len(lines) for lines, _ in answers), any(short for _, short in answers)

    def _lines(self, container: Container, former: bool, window: Window, bound: Bound) -> tuple[Sequence[str], bool]:
        text = self._kubectl.text(
            "logs",
            container.pod,
            f"--container={container.name}",
            f"--since-time={window.since.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}",
            f"--tail={bound.records + 1}",
            "--timestamps",
            *(("--previous",) if former else ()),
        )
        stamped = text.removesuffix("\n").encode().split(b"\n") if text else []
        start, end = within(stamped, window, zone=UTC, written=window.until)
        lines = [line.partition(b" ")[2].decode() for line in stamped[start:end]]
        return newest(lines, bound)
