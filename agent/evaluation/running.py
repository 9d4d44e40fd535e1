"""Runs the engine on labelled cases, each in a process of its own, so that its time and memory are its own."""

import gzip
import multiprocessing
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import yaml

from agent.diagnosing import diagnose
from agent.evaluation.case import Expected, Judgement, expected_of
from agent.evaluation.controlling import fits, quotes_of, random_quotes
from agent.evaluation.errors import EvaluationError
from agent.evaluation.judging import judge
from agent.evaluation.quotes import comparable
from agent.rca.shaping import shape_of

MEASURE_OF_SET = {
    "rootcausebench": "commit",
    "k8s-holmes-static": "mention",
    "logdx-ci": "category",
    "petshop": "culprit",
}
"""What counts as right in the public sets; a set that is not listed goes by the first thing its labels have."""


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled bundle."""

    name: str
    folder: Path
    expected: Expected


@dataclass(frozen=True, slots=True)
class Scored:
    """One case run: the judgement, the answer, and how many findings have a quote that shows their cause.

    `random_fitting` is the control: how many would have one, were their quotes pieces of the bundle taken at random.
    """

    judgement: Judgement
    answer: Mapping[str, Any]
    fitting: int
    random_fitting: int


def cases_in(folder: Path) -> tuple[Case, ...]:
    """The labelled cases directly in the folder and in its folders, by name. Raises `EvaluationError` without any."""
    labels = sorted([*folder.glob("*.expected.yaml"), *folder.glob("*/*.expected.yaml")])
    cases = tuple(_case(label) for label in labels if _bundle_of(label).is_dir())
    if not cases:
        raise EvaluationError(f"{folder} holds no case with its label", hint="see docs/agent-eval.md for the layout")
    return cases


def run_cases(
    cases: tuple[Case, ...], categories: Mapping[str, Mapping[str, str]], on_case: Callable[[Case], None]
) -> Iterator[Scored]:
    """Each case diagnosed and judged; `categories` maps our categories to the labels, by set."""
    for case in cases:
        on_case(case)
        answer, seconds, peak_mib = _diagnosed_apart(case.folder)
        texts = texts_of(case.folder)
        judgement = judge(
            case.name,
            case.expected,
            answer,
            texts=texts,
            categories=categories.get(case.expected.case_set),
            right_by=right_by_of(case.expected),
        )
        yield Scored(
            replace(judgement, seconds=seconds, peak_mib=peak_mib),
            answer,
            fitting=sum(fits(finding, quotes_of(finding), texts) for finding in answer["findings"]),
            random_fitting=sum(fits(*pair, texts) for pair in random_quotes(answer, texts, case.name)),
        )


def right_by_of(expected: Expected) -> str:
    """The measure by which a case of this set counts as right."""
    return MEASURE_OF_SET.get(expected.case_set, _first_labelled(expected))


def texts_of(folder: Path) -> list[str]:
    """The bundle's files as comparable text, bundle.yaml left out."""
    return [
        comparable(_text(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.relative_to(folder).as_posix() != "bundle.yaml"
    ]


def _diagnosed_apart(folder: Path) -> tuple[Mapping[str, Any], float, float]:
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_diagnose, args=(folder, there))
    process.start()
    there.close()
    try:
        found: tuple[Mapping[str, Any], float, float] = here.recv()
    except EOFError:
        process.join()
        raise EvaluationError(f"the engine died on {folder} (exit {process.exitcode})") from None
    process.join()
    return found


def _diagnose(folder: Path, result: Connection) -> None:
    start = time.perf_counter()
    answer = shape_of(diagnose(folder))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result.send((answer, seconds, peak / (1024 * 1024 if sys.platform == "darwin" else 1024)))
    result.close()


def _case(label: Path) -> Case:
    try:
        data = yaml.safe_load(label.read_text(encoding="utf-8"))
        expected = expected_of(data)
    except (yaml.YAMLError, OSError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f"{label} is no label: {error}", hint="see docs/agent-eval.md for its keys") from error
    return Case(label.name.removesuffix(".expected.yaml"), _bundle_of(label), expected)


def _bundle_of(label: Path) -> Path:
    return label.with_name(label.name.removesuffix(".expected.yaml"))


def _first_labelled(expected: Expected) -> str:
    if expected.commit is not None:
        return "commit"
    if expected.culprits:
        return "culprit"
    return "mention" if expected.must_mention else "category"


def _text(path: Path) -> str:
    try:
        data = gzip.decompress(path.read_bytes()) if path.name.endswith(".gz") else path.read_bytes()
    except (OSError, EOFError, zlib.error):
        return ""
    return data.decode("utf-8", "replace")
