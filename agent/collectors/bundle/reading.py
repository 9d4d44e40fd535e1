"""The bundle's folders, one reader each, put together into one investigation."""

import dataclasses
from pathlib import Path

from agent.collectors.bundle.changes import commits_in, deploys_in
from agent.collectors.bundle.errors import BundleError
from agent.collectors.bundle.files import BundleFile, Limits, files_below, lines_of, text_of
from agent.collectors.bundle.header import header_of
from agent.collectors.bundle.telemetry import series_in, spans_in
from agent.domain.investigation import Document, Investigation, LogFile


def read_bundle(folder: Path, limits: Limits | None = None) -> Investigation:
    """Everything in the bundle; what could not be read is in `gaps`.

    Raises `BundleError` where the folder is no bundle at all: not there, or without a valid bundle.yaml.
    """
    limits = limits or Limits()
    header = folder / "bundle.yaml"
    if not folder.is_dir():
        raise BundleError(f"{folder} is no folder", hint="give the folder that holds bundle.yaml")
    if header.is_symlink() or not header.is_file():
        raise BundleError(f"{folder} holds no bundle.yaml", hint="see docs/evidence-bundle.md for the layout")
    gaps: list[str] = []
    question = header_of(text_of(BundleFile(header, "bundle.yaml", "bundle.yaml"), gaps, limits))
    return dataclasses.replace(
        question,
        logs=_logs(folder, "logs", gaps, limits),
        jobs=_logs(folder, "ci", gaps, limits),
        series=series_in(folder, gaps, limits),
        spans=spans_in(folder, gaps, limits),
        commits=commits_in(folder, gaps, limits),
        deploys=deploys_in(folder, gaps, limits),
        kubernetes=_documents(folder, "kubernetes", gaps, limits),
        notes=_documents(folder, "notes", gaps, limits),
        records=tuple(
            document for part in ("metrics", "traces", "git") for document in _documents(folder, part, gaps, limits)
        ),
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _logs(folder: Path, part: str, gaps: list[str], limits: Limits) -> tuple[LogFile, ...]:
    return tuple(
        LogFile(_subject(file), file.path, lines, previous=".previous" in file.name)
        for file in files_below(folder, part, gaps, limits)
        if (lines := lines_of(file, gaps, limits))
    )


def _subject(file: BundleFile) -> str:
    """`web.previous` and the second capture `web.2` are about `web`."""
    stem = file.subject.removesuffix(".previous")
    head, dot, tail = stem.rpartition(".")
    return head.removesuffix(".previous") if dot and tail.isdigit() and len(tail) == 1 else stem


def _documents(folder: Path, part: str, gaps: list[str], limits: Limits) -> tuple[Document, ...]:
    return tuple(
        Document(file.path, text)
        for file in files_below(folder, part, gaps, limits)
        if (text := text_of(file, gaps, limits))
    )
