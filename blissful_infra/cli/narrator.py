"""A model's wording below an answer that already stands: which model, after whose agreement, and what it is sent."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import click

from agent.domain import Answer
from agent.llm.narrating import Narration, narrated
from agent.llm.prompting import SYSTEM, prompt_of
from agent.normalize.neutral import neutral
from agent.timeline import Timeline
from blissful_infra.cli.agent_model import ModelSeen, model_for
from blissful_infra.cli.consenting import asking
from blissful_infra.cli.model_options import ModelWish
from blissful_infra.cli.output import say
from blissful_infra.settings.consent import Purpose


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model would be sent: its instructions, and the question with the redacted evidence."""

    system: str
    user: str


@dataclass
class Narrator:
    """Looks for the model once, when the first answer stands."""

    wish: ModelWish
    configured: str
    secrets: Sequence[str] = ()
    _seen: ModelSeen | None = None

    @property
    def model(self) -> ModelSeen:
        """Which model words the answers, and why."""
        if self.wish.show_prompt:
            return ModelSeen(None, "--show-prompt")
        if self._seen is None:
            allowed = asking(Purpose.MODEL, by_flag=self.wish.remote, no_input=self.wish.no_input)
            name = self.wish.name or self.configured
            self._seen = model_for(name, os.environ, wanted=self.wish.wanted, remote_allowed=allowed)
        return self._seen

    def use_model(self, name: str) -> ModelSeen:
        """Prefer another model from now on."""
        self.wish, self._seen = replace(self.wish, name=name), None
        return self.model

    def prompt(self, answer: Answer, timeline: Timeline) -> Prompt | None:
        """What would be sent, where it is to be shown."""
        return Prompt(SYSTEM, prompt_of(answer, timeline, self.secrets)[0]) if self.wish.show_prompt else None

    def speak(self, answer: Answer, timeline: Timeline) -> None:
        """Print the wording below the answer, sentence by sentence, or what would be sent."""
        if (prompt := self.prompt(answer, timeline)) is not None:
            click.echo(f"--- system\n{prompt.system}\n--- user\n{neutral(prompt.user, keep_newlines=True)}\n---")
        say(self.model.line)
        narration = self.narration(answer, timeline, aloud=True)
        if narration and narration.problem:
            say(f"{neutral(narration.problem)}; the answer above stands on the evidence.", style="yellow")
        if narration and narration.dropped:
            say(f"{narration.dropped} sentence(s) of the model cited no event that exists and were dropped.")

    def narration(self, answer: Answer, timeline: Timeline, *, aloud: bool = False) -> Narration | None:
        """What the model says that is fit to be shown; `None` without a model."""
        model = self.model.model
        if model is None:
            return None
        return narrated(model, answer, timeline, secrets=self.secrets, on_sentence=_speak if aloud else _keep_quiet)


def _speak(sentence: str) -> None:
    click.echo(f"  model says: {neutral(sentence)}")


def _keep_quiet(_sentence: str) -> None:
    """In JSON the sentences stand in the document."""
