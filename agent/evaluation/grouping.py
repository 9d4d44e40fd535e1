"""How well log lines were grouped into templates: GA, FGA, PA and FTA, as the log-parsing literature defines them.

A predicted group is right when it holds exactly the lines of one true template. GA and FGA judge the grouping alone,
PA and FTA the wording of the templates as well. GA and PA count lines, so a frequent template weighs much; FGA and
FTA count templates, so a rare one weighs as much as a frequent one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_SPACES = re.compile(r"\s+")
_ADJACENT = re.compile(r"<\*>(?:<\*>)+")


@dataclass(frozen=True, slots=True)
class GroupingScore:
    """Shares between 0 and 1; 1 is perfect."""

    grouping_accuracy: float
    grouping_f1: float
    parsing_accuracy: float
    template_f1: float
    lines: int
    true_templates: int
    predicted_templates: int


def normal_form(template: str) -> str:
    """The form in which templates are compared: runs of white space as one, adjacent `<*>` as one."""
    return _ADJACENT.sub("<*>", _SPACES.sub(" ", template).strip())


def grouping_score(predicted: Sequence[str], true: Sequence[str], groups: Sequence[int] | None = None) -> GroupingScore:
    """Scores one template a line against the true template of the same line.

    `groups` gives each line's predicted group when two groups may carry the same text; without it the text is the
    group. Raises ValueError when the lengths differ.
    """
    if len(predicted) != len(true) or (groups is not None and len(groups) != len(true)):
        raise ValueError("each line needs one predicted and one true template")
    normal = {text: normal_form(text) for text in {*predicted, *true}}
    predicted = [normal[text] for text in predicted]
    true = [normal[text] for text in true]
    members: dict[int | str, list[int]] = defaultdict(list)
    by: Sequence[int | str] = predicted if groups is None else groups
    for index, group in enumerate(by):
        members[group].append(index)
    sizes = Counter(true)

    right_lines = right_groups = right_templates = 0
    for indexes in members.values():
        truth = {true[index] for index in indexes}
        if len(truth) != 1 or sizes[true[indexes[0]]] != len(indexes):
            continue
        right_lines += len(indexes)
        right_groups += 1
        right_templates += all(predicted[index] == true[index] for index in indexes)
    exact = sum(said == truth for said, truth in zip(predicted, true, strict=True))
    return GroupingScore(
        grouping_accuracy=right_lines / len(true) if true else 1.0,
        grouping_f1=_f1(right_groups, len(members), len(sizes)),
        parsing_accuracy=exact / len(true) if true else 1.0,
        template_f1=_f1(right_templates, len(members), len(sizes)),
        lines=len(true),
        true_templates=len(sizes),
        predicted_templates=len(members),
    )


def _f1(right: int, predicted: int, true: int) -> float:
    """The harmonic mean of right/predicted and right/true."""
    return 2 * right / (predicted + true) if predicted + true else 1.0
