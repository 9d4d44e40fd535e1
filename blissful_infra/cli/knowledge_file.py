"""Exports of the knowledge base, written and read."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from agent.domain.incident import TakenIn
from agent.errors import KnowledgeError
from agent.knowledge.transfer import lines_of, records_in
from blissful_infra.cli.knowing import knowledge_here


def export_to(target: Path | None) -> int:
    """Write the export to a new file or to stdout; gives how many records it holds."""
    with knowledge_here() as base:
        records = list(base.export())
    if target is None:
        sys.stdout.buffer.writelines(lines_of(records))
        sys.stdout.buffer.flush()
        return len(records)
    try:
        with target.open("xb") as file:
            file.writelines(lines_of(records))
    except FileExistsError as error:
        raise KnowledgeError(f"{target} exists already", hint="name another file, or remove that one") from error
    except OSError as error:
        raise KnowledgeError(f"{target} cannot be written: {error.strerror}") from error
    return len(records)


def import_from(file: Path, *, dry_run: bool) -> TakenIn:
    """Take in an export; with `dry_run`, say what it would bring."""
    source: BinaryIO
    with nullcontext(sys.stdin.buffer) if str(file) == "-" else file.open("rb") as source, knowledge_here() as base:
        return base.take_in(records_in(source), keep=not dry_run)
