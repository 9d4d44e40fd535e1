"""One question to one project: collect, answer, print, and let a model word it."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from agent.domain import Bound, Collected
from agent.llm.narrating import Narration, narrated
from agent.normalize.neutral import neutral
from agent.pipeline import answer, collect, window_until
from blissful_infra.cli.agent_model import ModelSeen, model_for
from blissful_infra.cli.agent_sources import collectors_of, services_of
from blissful_infra.cli.agent_text import lines_of, shape_of
from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.cli.terminal import current_terminal
from blissful_infra.evidence.secrets import secrets_of
from blissful_infra.stacks.planning import Project


@dataclass
class Colleague:
    """Answers questions about one project. The model is looked for once, when the first answer stands."""

    project: Project
    model_wanted: bool = True
    remote_allowed: bool = False
    configured: str | None = None
    _seen: ModelSeen | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """The names a question may use."""
        return services_of(self.project)

    @property
    def model(self) -> ModelSeen:
        """Which model words the answers, and why."""
        if self._seen is None:
            name = self.configured or self.project.settings.config.agent.model
            wanted, allowed = self.model_wanted, self.remote_allowed
            self._seen = model_for(name, os.environ, wanted=wanted, remote_allowed=allowed)
        return self._seen

    def use_model(self, name: str) -> ModelSeen:
        """Prefer another model from now on."""
        self.configured, self._seen = name, None
        return self.model

    def look(self) -> tuple[Collected, ...]:
        """What every source has now."""
        return collect(collectors_of(self.project), window_until(datetime.now(UTC)), Bound())

    def ask(self, question: str, output: Output = Output.TABLE) -> None:
        """Print the answer; with a model, its wording below."""
        found, timeline = answer(question, self.look(), self.services)
        is_text = output is Output.TABLE
        if is_text:
            zone = datetime.now(UTC).astimezone().tzinfo or UTC
            for line in lines_of(found, zone=zone):
                click.echo(line, color=current_terminal().colour_out)
        narration = None
        if is_text:
            say(self.model.line)
        if (model := self.model.model) is not None:
            narration = narrated(
                model,
                found,
                timeline,
                secrets=secrets_of(self.project),
                on_sentence=_speak if is_text else _keep_quiet,
            )
            if is_text:
                _tell_how_it_went(narration)
        if not is_text:
            print_data(shape_of(found, self.model, narration), output)


def _speak(sentence: str) -> None:
    click.echo(f"  model says: {neutral(sentence)}")


def _keep_quiet(_sentence: str) -> None:
    """In JSON the sentences stand in the document."""


def _tell_how_it_went(narration: Narration) -> None:
    if narration.problem:
        say(f"{neutral(narration.problem)}; the answer above stands on the evidence.", style="yellow")
    if narration.dropped:
        say(f"{narration.dropped} sentence(s) of the model cited no event that exists and were dropped.")
