"""A bundle in a folder that somebody else made: read only inside it, no link followed."""

from collections.abc import Iterator
from pathlib import Path

from agent.collectors.bundle.errors import BundleError
from agent.collectors.bundle.files import BundleFile, Limits


class FolderFiles:
    """The regular files of a folder; links and whatever lies outside are named in `gaps`, not read."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def header(self) -> BundleFile:
        """bundle.yaml. Raises `BundleError` where there is none."""
        header = self._root / "bundle.yaml"
        if not self._root.is_dir():
            raise BundleError(f"{self._root} is no folder", hint="give the folder that holds bundle.yaml")
        if header.is_symlink() or not header.is_file():
            raise BundleError(f"{self._root} holds no bundle.yaml", hint="see docs/evidence-bundle.md for the layout")
        return BundleFile("bundle.yaml", "bundle.yaml", header)

    def below(self, folder: str, gaps: list[str], limits: Limits) -> Iterator[BundleFile]:
        """The files of one folder of the layout, by path."""
        base = self._root / folder
        if base.is_symlink():
            gaps.append(f"{folder} is a link; a bundle's folders are read only where they lie")
            return
        if not base.is_dir():
            return
        for count, path in enumerate(sorted(base.rglob("*"))):
            relative = _printable(path.relative_to(self._root).as_posix())
            if count >= limits.files:
                gaps.append(f"{folder} holds more than {limits.files} files; the rest was not read")
                return
            if path.is_symlink():
                gaps.append(f"{relative} is a link and was not followed")
            elif path.is_file():
                yield BundleFile(relative, _printable(path.name).removesuffix(".gz"), path)


def _printable(name: str) -> str:
    """The name with the bytes that are no UTF-8 as U+FFFD: such names cannot be written out again."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
