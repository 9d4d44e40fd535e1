"""A project's knowledge base: where it lies and which embedder it has, as the settings say."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import KnowledgeError
from agent.knowledge.base import SqlKnowledgeBase
from agent.knowledge.embedders.choosing import EmbedderSeen, embedder_for
from agent.knowledge.opening import open_postgres, open_sqlite
from blissful_infra.paths import consent_file, state_dir
from blissful_infra.settings.consent import Consents, Purpose
from blissful_infra.settings.model import KnowledgeStore
from blissful_infra.settings.reading import Settings

URL_VARIABLE = "BLISSFUL_KNOWLEDGE_URL"
"""Holds the URL of the server, with its password, where `agent.knowledge` is `postgres`."""


@dataclass(frozen=True, slots=True)
class OpenKnowledge:
    """An open knowledge base, and the embedder it searches with; leave it with `with`, which closes the base."""

    base: SqlKnowledgeBase
    embedder: EmbedderSeen

    def __enter__(self) -> SqlKnowledgeBase:
        return self.base.__enter__()

    def __exit__(self, *error: object) -> None:
        self.base.shut()


def open_knowledge(settings: Settings, environ: Mapping[str, str] | None = None) -> OpenKnowledge:
    """The knowledge base of a project: `.blissful/knowledge.db`, or the team's server.

    Raises `KnowledgeError` where it cannot be opened. A missing embedder only keeps similar incidents from being found.
    """
    variables = os.environ if environ is None else environ
    folder = state_dir(settings.project_file.resolve().parent).absolute()
    consents = Consents(consent_file())
    seen = embedder_for(
        settings.config.agent.embedder.value, variables, may_send=lambda host: consents.given(Purpose.MODEL, host)
    )
    if settings.config.agent.knowledge is KnowledgeStore.SQLITE:
        return OpenKnowledge(open_sqlite(folder, seen.embedder), seen)
    url = variables.get(URL_VARIABLE)
    if not url:
        raise KnowledgeError(
            f"`agent.knowledge` is `postgres`, but {URL_VARIABLE} is not set",
            hint=f"set {URL_VARIABLE}=postgresql://USER:PASSWORD@HOST/DATABASE, or `agent.knowledge: sqlite`",
        )
    return OpenKnowledge(open_postgres(url, seen.embedder, folder), seen)
