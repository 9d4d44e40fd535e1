"""One question to one project: collect, answer, print, and let a model word it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import click

from agent.domain import Answer, Bound, Collected, SourceSeen
from agent.pipeline import answer, collect, diagnosed_answer, wants_diagnosis, window_until
from agent.timeline import Timeline
from blissful_infra.cli.agent_sources import collectors_of, services_of
from blissful_infra.cli.agent_text import lines_of, shape_of
from blissful_infra.cli.analyzing import analysis_of
from blissful_infra.cli.narrator import Narrator
from blissful_infra.cli.output import Output, print_data
from blissful_infra.cli.terminal import current_terminal
from blissful_infra.stacks.planning import Project


@dataclass
class Colleague:
    """Answers questions about one project."""

    project: Project
    narrator: Narrator

    @property
    def services(self) -> tuple[str, ...]:
        """The names a question may use."""
        return services_of(self.project)

    def look(self) -> tuple[Collected, ...]:
        """What every source has now."""
        return collect(collectors_of(self.project), window_until(datetime.now(UTC)), Bound())

    def ask(self, question: str, output: Output = Output.TABLE) -> None:
        """Print the answer; with a model, its wording below."""
        found, timeline = self._answer(question)
        if output is Output.TABLE:
            zone = datetime.now(UTC).astimezone().tzinfo or UTC
            for line in lines_of(found, zone=zone):
                click.echo(line, color=current_terminal().colour_out)
            self.narrator.speak(found, timeline)
        else:
            narration = self.narrator.narration(found, timeline)
            prompt = self.narrator.prompt(found, timeline)
            print_data(shape_of(found, self.narrator.model, narration, prompt), output)

    def _answer(self, question: str) -> tuple[Answer, Timeline]:
        if not wants_diagnosis(question, self.services):
            return answer(question, self.look(), self.services)
        done = analysis_of(None, env=None, since=None, until=None, service=None, record=False)
        seen = tuple(
            SourceSeen(one.source, one.status, len(one.documents), one.detail, one.truncated) for one in done.gathered
        )
        return diagnosed_answer(question, done.diagnosis, self.services, datetime.now(UTC), seen=seen)
