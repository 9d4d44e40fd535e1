"""Answers are checked before anything is rendered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.scaffold.answers import InvalidAnswerError, check_name, checked
from blissful_infra.scaffold.catalogue import UnknownTemplateError, read_templates, template_named

TEMPLATES = read_templates()
SPRING = TEMPLATES["spring-boot"]


@pytest.mark.parametrize("name", ["abc", "my-service", "a" * 40, "a1-b2--c3"])
def test_a_good_name_passes(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("My Service", "my-service"),
        ("my_service", "my-service"),
        ("9lives", "lives"),
        ("x" * 60, "x" * 40),
        ("ends-", "ends"),
        ("ab", "my-service"),
        ("", "my-service"),
        ("../../etc", "etc"),
        ("good\n", "good"),
    ],
)
def test_a_bad_name_is_answered_with_one_that_would_do(name: str, better: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        check_name(name)
    assert caught.value.hint == f"blissful-infra create {better}"
    assert caught.value.exit_code == 3


@given(st.text(max_size=80))
def test_the_suggested_name_is_always_a_good_one(name: str) -> None:
    try:
        suggested = check_name(name)
    except InvalidAnswerError as error:
        suggested = str(error.hint).removeprefix("blissful-infra create ")
    assert check_name(suggested) == suggested


@pytest.mark.parametrize(
    ("word", "meant"), [("yes", True), ("TRUE", True), (True, True), ("off", False), (False, False)]
)
def test_words_for_yes_and_no_become_booleans(word: object, meant: bool) -> None:
    assert checked({"kafka": word}, SPRING) == {"kafka": meant}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"kafak": "yes"}, "did you mean 'kafka'?"),
        ({"reserved_words": "x"}, "does not ask for 'reserved_words'"),
        ({"kafka": "maybe"}, "yes or no"),
        ({"kafka": 3}, "yes or no"),
        ({"database": "postgress"}, "cannot be 'postgress'"),
        ({"database": None}, "is a text"),
        ({"java_package": ["com"]}, "is a text"),
    ],
)
def test_an_answer_that_will_not_do_is_told_apart(answers: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        checked(answers, SPRING)
    assert told in caught.value.message


def test_a_question_of_another_template_is_unknown() -> None:
    with pytest.raises(InvalidAnswerError, match="java_package"):
        checked({"java_package": "com.example.x"}, TEMPLATES["fastapi"])


@pytest.mark.parametrize(("name", "nearest"), [("springboot", "spring-boot"), ("fast-api", "fastapi")])
def test_an_unknown_template_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UnknownTemplateError) as caught:
        template_named(name, TEMPLATES)
    assert caught.value.hint == f"did you mean --template {nearest}?"


def test_a_template_unlike_any_other_is_answered_with_the_list() -> None:
    with pytest.raises(UnknownTemplateError) as caught:
        template_named("zzz", TEMPLATES)
    assert caught.value.context == {"templates": "spring-boot, fastapi"}
