import pytest

from agent.evaluation.grouping import grouping_score, normal_form

TRUE = ["open <*>", "open <*>", "close <*>", "ready"]


def test_the_true_templates_score_one() -> None:
    score = grouping_score(TRUE, TRUE)
    assert (score.grouping_accuracy, score.grouping_f1, score.parsing_accuracy, score.template_f1) == (1, 1, 1, 1)


def test_right_groups_with_wrong_words_keep_their_grouping() -> None:
    score = grouping_score(["open it", "open it", "close <*>", "ready"], TRUE)
    assert (score.grouping_accuracy, score.grouping_f1) == (1, 1)
    assert score.parsing_accuracy == 0.5
    assert score.template_f1 == pytest.approx(2 / 3)


def test_a_split_template_makes_all_its_lines_wrong() -> None:
    score = grouping_score(["open a", "open b", "close <*>", "ready"], TRUE)
    assert score.grouping_accuracy == 0.5
    assert score.grouping_f1 == pytest.approx(2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3))


def test_two_templates_in_one_group_are_both_wrong() -> None:
    score = grouping_score(["<*>", "<*>", "<*>", "ready"], TRUE)
    assert score.grouping_accuracy == 0.25
    assert score.grouping_f1 == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))


def test_groups_may_share_a_text() -> None:
    assert grouping_score(["x"] * 4, TRUE, groups=[0, 0, 1, 2]).grouping_accuracy == 1


def test_normal_form_joins_spaces_and_adjacent_variables() -> None:
    assert normal_form("  took <*><*><*>   ms in <*> <*> ") == "took <*> ms in <*> <*>"


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="each line"):
        grouping_score(["a"], ["a", "b"])
