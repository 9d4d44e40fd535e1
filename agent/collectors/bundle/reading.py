"""The bundle's folders, one reader each, put together into one investigation."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from agent.collectors.bundle.archive import documents_in
from agent.collectors.bundle.changes import commits_in, deploys_in
from agent.collectors.bundle.files import BundleFile, BundleFiles, Limits, lines_of, text_of
from agent.collectors.bundle.folder import FolderFiles
from agent.collectors.bundle.header import header_of
from agent.collectors.bundle.memory import MemoryFiles
from agent.collectors.bundle.states import services_in
from agent.collectors.bundle.telemetry import series_in, spans_in
from agent.domain.investigation import Document, Investigation, LogFile


def read_bundle(folder: Path, limits: Limits | None = None) -> Investigation:
    """Everything in the bundle, a folder or a tar archive; what could not be read is in `gaps`.

    Raises `BundleError` where it is no bundle at all: not there, or without a valid bundle.yaml.
    """
    limits = limits or Limits()
    if not folder.is_file():
        return _read(FolderFiles(folder), limits)
    gaps: list[str] = []
    read = _read(MemoryFiles(documents_in(folder, gaps, limits)), limits)
    return dataclasses.replace(read, gaps=tuple(dict.fromkeys((*read.gaps, *gaps))))


def investigation_of(documents: Iterable[Document], limits: Limits | None = None) -> Investigation:
    """What the same documents give as files of a bundle, bundle.yaml among them. Raises `BundleError` as above."""
    return _read(MemoryFiles(documents), limits or Limits())


def _read(files: BundleFiles, limits: Limits) -> Investigation:
    gaps: list[str] = []
    question = header_of(text_of(files.header(), gaps, limits))
    return dataclasses.replace(
        question,
        logs=_logs(files, "logs", gaps, limits),
        jobs=_logs(files, "ci", gaps, limits),
        series=series_in(files, gaps, limits),
        spans=spans_in(files, gaps, limits),
        commits=commits_in(files, gaps, limits),
        deploys=deploys_in(files, gaps, limits),
        services=services_in(files, gaps, limits),
        kubernetes=_documents(files, "kubernetes", gaps, limits),
        notes=_documents(files, "notes", gaps, limits),
        records=tuple(
            document for part in ("metrics", "traces", "git") for document in _documents(files, part, gaps, limits)
        ),
        gaps=tuple(dict.fromkeys((*question.gaps, *gaps))),
    )


def _logs(files: BundleFiles, part: str, gaps: list[str], limits: Limits) -> tuple[LogFile, ...]:
    return tuple(
        LogFile(_subject(file), file.path, lines, previous=".previous" in file.name)
        for file in files.below(part, gaps, limits)
        if (lines := lines_of(file, gaps, limits))
    )


def _subject(file: BundleFile) -> str:
    """`web.previous` and the second capture `web.2` are about `web`."""
    stem = file.subject.removesuffix(".previous")
    head, dot, tail = stem.rpartition(".")
    return head.removesuffix(".previous") if dot and tail.isdigit() and len(tail) == 1 else stem


def _documents(files: BundleFiles, part: str, gaps: list[str], limits: Limits) -> tuple[Document, ...]:
    return tuple(
        Document(file.path, text) for file in files.below(part, gaps, limits) if (text := text_of(file, gaps, limits))
    )
