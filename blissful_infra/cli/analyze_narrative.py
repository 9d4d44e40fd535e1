"""A model's wording below a diagnosis, where a person reads it: on a terminal, or when a model is named."""

import sys
from datetime import UTC, datetime

from agent.pipeline import diagnosed_answer
from blissful_infra.cli.analyzing import Analysis
from blissful_infra.cli.model_options import ModelWish
from blissful_infra.cli.narrator import Narrator
from blissful_infra.evidence.secrets import secrets_of
from blissful_infra.settings.model import Agent

QUESTION = "what is the root cause?"


def speak(done: Analysis, wish: ModelWish) -> None:
    """Word the diagnosis, or show what would be sent; the report above stands whatever comes of it."""
    if not wish.show_prompt and not (wish.wanted and (wish.name or sys.stdout.isatty())):
        return
    answer, timeline = diagnosed_answer(QUESTION, done.diagnosis, (), datetime.now(UTC))
    if not answer.findings and not wish.show_prompt:
        return
    project = done.project
    configured = project.settings.config.agent.model if project else Agent().model
    Narrator(wish, configured, secrets_of(project) if project else ()).speak(answer, timeline)
