"""What Copier raises comes out as errors of this program."""

import os
from pathlib import Path

import pytest

from blissful_infra.errors import RenderError
from blissful_infra.scaffold.answers import InvalidAnswerError
from blissful_infra.scaffold.rendering import render
from blissful_infra.scaffold.source import PUBLIC_URL, TemplateSource, redirection


def a_template(folder: Path, text: str, question: str = "") -> TemplateSource:
    (folder / "template").mkdir(parents=True)
    (folder / "copier.yml").write_text(f"_subdirectory: template\n{question}")
    (folder / "template" / "file.txt.jinja").write_text(text)
    return TemplateSource(str(folder))


def test_a_template_is_rendered(tmp_path: Path) -> None:
    render(a_template(tmp_path / "source", "{{ word }}", "word: x\n"), {"word": "hello"}, tmp_path / "made")
    assert (tmp_path / "made" / "file.txt").read_text() == "hello"


@pytest.mark.parametrize("text", ["{% if %}", "{{ nothing.at_all }}", "{{ 1 / 0 }}"])
def test_a_broken_template_is_a_render_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(RenderError) as caught:
        render(a_template(tmp_path / "source", text), {}, tmp_path / "made")
    assert caught.value.exit_code == 5
    assert caught.value.context["from"] == str(tmp_path / "source")


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ('port:\n  type: int\n  default: 1\n  validator: "{% if port > 9 %}too high{% endif %}"\n', {"port": 10}),
        ("kind:\n  type: str\n  choices: [a, b]\n  default: a\n", {"kind": "c"}),
        ("name:\n  type: str\n", {}),
    ],
)
def test_an_answer_the_template_refuses_is_an_invalid_answer(
    tmp_path: Path, question: str, answers: dict[str, object]
) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        render(a_template(tmp_path / "source", "", question), answers, tmp_path / "made")
    assert caught.value.exit_code == 3


def test_a_source_that_git_cannot_give_is_a_render_error_with_gits_own_words(tmp_path: Path) -> None:
    source = TemplateSource(PUBLIC_URL, "HEAD", redirection(tmp_path / "nowhere"))
    with pytest.raises(RenderError) as caught:
        render(source, {}, tmp_path / "made")
    assert "nowhere" in caught.value.context["git"]


def test_the_environment_is_what_it_was(tmp_path: Path) -> None:
    before = dict(os.environ)
    source = a_template(tmp_path / "source", "")
    render(TemplateSource(source.url, environment=redirection(tmp_path)), {}, tmp_path / "made")
    assert dict(os.environ) == before
