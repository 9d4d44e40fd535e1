"""A model's wording of an answer, sentence by sentence; whatever happens to the model, the answer stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agent.domain import Answer, Origin
from agent.errors import ModelError
from agent.llm.citing import CitedSentences
from agent.llm.prompting import SYSTEM, prompt_of
from agent.ports import ChatModel
from agent.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Narration:
    """What a model said that was fit to be shown; `dropped` counts what was not, `problem` is why it stopped."""

    model: str
    sentences: tuple[str, ...] = ()
    dropped: int = 0
    problem: str | None = None
    origin: Origin = Origin.MODEL


def narrated(
    model: ChatModel,
    answer: Answer,
    timeline: Timeline,
    *,
    secrets: Iterable[str],
    on_sentence: Callable[[str], None],
) -> Narration:
    """Let the model word the answer; each sentence is handed on as soon as it is finished and found honest."""
    prompt, ids = prompt_of(answer, timeline, secrets)
    if not ids:
        return Narration(model.name, problem="there is no evidence to word")
    cited = CitedSentences(ids)
    sentences: list[str] = []
    problem = None
    try:
        for sentence in cited.of(model.stream(SYSTEM, prompt)):
            sentences.append(sentence)
            on_sentence(sentence)
    except ModelError as error:
        problem = error.message
    return Narration(model.name, tuple(sentences), cited.dropped, problem)
