"""All the shapes that an investigation's Kubernetes outputs show, and the lines that show them."""

from collections.abc import Iterator

from agent.domain.claim import Quote
from agent.domain.investigation import Document, Investigation
from agent.normalize.kubernetes.described import shapes_of_described
from agent.normalize.kubernetes.manifests import looks_like_manifest, shapes_of_manifest
from agent.normalize.kubernetes.shapes import Shapes


def shapes_in(investigation: Investigation) -> Shapes:
    """The shapes of all outputs together."""
    parts = [_shapes(document) for document in investigation.kubernetes]
    return Shapes(
        pods=tuple(one for part in parts for one in part.pods),
        services=tuple(one for part in parts for one in part.services),
        backends=tuple(one for part in parts for one in part.backends),
        scalers=tuple(one for part in parts for one in part.scalers),
        nodes=tuple(one for part in parts for one in part.nodes),
        settings=tuple(one for part in parts for one in part.settings),
        policies=tuple(one for part in parts for one in part.policies),
    )


def _shapes(document: Document) -> Shapes:
    if looks_like_manifest(document.text):
        return shapes_of_manifest(document.path, document.text)
    return shapes_of_described(document.path, document.text)


def quotes_of(investigation: Investigation, path: str, *words: str, reason: str) -> Iterator[Quote]:
    """The first line of the file that has all of the words; else, of each word, the first line that has it."""
    text = next((one.text for one in investigation.kubernetes if one.path == path), "")
    lines = [line.strip() for line in text.split("\n")]
    whole = next((line for line in lines if all(word in line for word in words)), None)
    for line in [whole] if whole else [_first(lines, word) for word in words]:
        if line and len(line) >= 8:
            yield Quote(path, line[:300], reason)


def _first(lines: list[str], word: str) -> str | None:
    return next((line for line in lines if word in line), None)
