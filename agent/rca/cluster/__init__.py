"""What the states of a pod's containers tell: killed for memory, no image, no configuration, crashing.

Belongs here: causes read off structured objects. Does not belong here: events and log lines, which the signatures read.
A restart of the past in a container that is ready now is no cause, unless it was killed for memory.
"""

import re
from collections.abc import Iterator

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Document, Investigation
from agent.normalize.kubernetes import Container, ContainerState, KubeObject, objects_of
from agent.rca.cluster.last_words import with_last_words
from agent.rca.cluster.misfits import claims_of_misfits
from agent.rca.cluster.policies import claims_of_policies
from agent.rca.cluster.taints import claims_of_taints

_NO_IMAGE = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
_NO_CONFIG = {"CreateContainerConfigError", "CreateContainerError"}
_NO_START = {"RunContainerError", "ContainerCannotRun", "StartError"}
_KILLED = 137
EXIT_CODE_ALONE = 0.35
"""Of a crash of which nothing says why."""
_PULL_FAILED = re.compile(r"Failed to pull image \\*\"?[^\s\"\\]+\\*\"?: (.*\S)")
LAST_WORDS = 14
_MEANING = {126: "its command cannot be executed", 127: "its command was not found", 139: "a segmentation fault"}


def claims_of_cluster(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim for each container that is in trouble, and for each two objects that do not fit each other."""
    states = (
        with_last_words(claim, pod, investigation)
        for document in investigation.kubernetes
        for pod in objects_of(document.text)
        for container in pod.containers
        for claim in _claims(document, pod, container)
    )
    return (
        *states,
        *claims_of_misfits(investigation),
        *claims_of_taints(investigation),
        *claims_of_policies(investigation),
    )


def _claims(document: Document, pod: KubeObject, container: Container) -> Iterator[Claim]:
    named = f"container {container.name} of pod {pod.name}"
    for state in (container.last, container.state):
        if state is not None and state.reason == "OOMKilled":
            limit = f" of {container.memory_limit}" if container.memory_limit else ""
            code = f" (exit code {state.exit_code})" if state.exit_code is not None else ""
            strength = 0.6 if container.ready else 0.97
            cause = (
                f"The {named} is OOMKilled{code}: out of memory, it exceeds its memory limit{limit}{_loop(container)}."
            )
            yield _claim("oom-killed", "container-out-of-memory", document, pod, cause, strength, state)
            return
    state = container.state
    if state is None or container.ready:
        return
    if state.reason in _NO_IMAGE:
        cause = f"The image {container.image} of the {named} cannot be pulled ({state.reason}){_why_no_image(pod)}."
        yield _claim("image-pull", "image-not-pulled", document, pod, cause, 0.9, state, f"Image: {container.image}")
    elif state.reason in _NO_CONFIG:
        cause = (
            f"The {named} cannot be created ({state.reason}): {_few(state.message) or 'its configuration is wrong'}."
        )
        yield _claim("configuration-missing", "container-not-created", document, pod, cause, 0.7, state)
    elif state.reason in _NO_START:
        cause = f"The {named} cannot start ({state.reason}): {_few(state.message) or 'its command is wrong'}."
        yield _claim("start-command", "container-not-started", document, pod, cause, 0.75, state)
    else:
        yield from _crashes(document, pod, container, named)


def _crashes(document: Document, pod: KubeObject, container: Container, named: str) -> Iterator[Claim]:
    ended = next((one for one in (container.state, container.last) if one and one.state == "Terminated"), None)
    if ended is None or (ended.exit_code or 0) == 0:
        return
    code = ended.exit_code or 0
    if code in {126, 127}:
        cause = f"The {named} exits with code {code}: {_MEANING[code]}{_loop(container)}."
        yield _claim("start-command", "command-fails", document, pod, cause, 0.7, ended)
        return
    why = f": {_MEANING[code]}" if code in _MEANING else ": it was killed" if code == _KILLED else ""
    cause = f"The {named} crashes with exit code {code} ({ended.reason or 'Error'}){why}{_loop(container)}."
    yield _claim("crash-loop", "container-crashes", document, pod, cause, EXIT_CODE_ALONE, ended)


def _why_no_image(pod: KubeObject) -> str:
    """The end of the chain of errors that the registry's answer is told in."""
    found = _PULL_FAILED.search(pod.text)
    return f": {' '.join(found[1].split()[-LAST_WORDS:])}" if found else ""


def _loop(container: Container) -> str:
    looping = container.state is not None and container.state.reason == "CrashLoopBackOff"
    return f"; it is in CrashLoopBackOff after {container.restarts or 'several'} restarts" if looping else ""


def _few(message: str) -> str:
    return " ".join(message.split()[:25])


def _claim(
    category: str,
    rule: str,
    document: Document,
    pod: KubeObject,
    cause: str,
    strength: float,
    state: ContainerState,
    *more: str,
) -> Claim:
    name = Quote(document.path, f"Name: {pod.name}", "the pod")
    quotes = [Quote(document.path, text, "its state") for text in (state.text, *more)]
    return Claim(
        line="cluster",
        rule=rule,
        category=category,
        subject=pod.workload,
        cause=cause,
        strength=strength,
        evidence=(*quotes, name),
    )
