"""A bundle that was never written: the documents that evidence sources gave, under the paths of the layout."""

from collections.abc import Iterable, Iterator

from agent.collectors.bundle.errors import BundleError
from agent.collectors.bundle.files import BundleFile, Limits
from agent.domain.investigation import Document


class MemoryFiles:
    """Documents by their paths; of two with one path the later is read. Texts are not copied."""

    def __init__(self, documents: Iterable[Document]) -> None:
        texts = {document.path: document.text for document in documents}
        self._texts = {path: texts[path] for path in sorted(texts, key=lambda path: path.split("/"))}

    def header(self) -> BundleFile:
        """bundle.yaml. Raises `BundleError` where there is none."""
        if "bundle.yaml" not in self._texts:
            raise BundleError("the documents hold no bundle.yaml", hint="see docs/evidence-bundle.md for the layout")
        return _file("bundle.yaml", self._texts["bundle.yaml"])

    def below(self, folder: str, gaps: list[str], limits: Limits) -> Iterator[BundleFile]:
        """The documents of one folder of the layout, by path."""
        inside = [path for path in self._texts if path.startswith(f"{folder}/")]
        if len(inside) > limits.files:
            gaps.append(f"{folder} holds more than {limits.files} files; the rest was not read")
        for path in inside[: limits.files]:
            yield _file(path, self._texts[path])


def _file(path: str, text: str) -> BundleFile:
    return BundleFile(path, path.rpartition("/")[2], text)
