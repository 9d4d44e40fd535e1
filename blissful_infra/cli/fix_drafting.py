"""`--draft`: a diff by the model of Ollama beside the others, where one answers; it says which model, or why none."""

import os

from agent.domain.claim import Claim
from agent.domain.fix import Fix
from agent.domain.project import ProjectFiles
from agent.llm.drafting import draft_or_none
from blissful_infra.cli.agent_model import model_for
from blissful_infra.cli.consenting import asking
from blissful_infra.cli.output import say
from blissful_infra.evidence.secrets import secrets_of
from blissful_infra.fixing.suggesting import Drafting
from blissful_infra.settings.consent import Purpose
from blissful_infra.stacks.planning import Project


def drafting_for(project: Project, *, no_input: bool) -> Drafting:
    """Asks the configured model; another machine is asked only after somebody agreed to that."""

    def draft(cause: Claim, files: ProjectFiles) -> Fix | None:
        allowed = asking(Purpose.MODEL, by_flag=False, no_input=no_input)
        seen = model_for(project.settings.config.agent.model, os.environ, wanted=True, remote_allowed=allowed)
        say(seen.line)
        if seen.model is None:
            return None
        fix, why = draft_or_none(cause, files, seen.model, secrets=secrets_of(project))
        if why:
            say(f"No draft: {why}.", style="yellow")
        return fix

    return draft
