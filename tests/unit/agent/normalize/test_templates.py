"""What the miner makes of whole windows of lines."""

import json
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evaluation.grouping import grouping_score
from agent.normalize.templates import Mined, mine
from agent.normalize.templates.mining import LINE_LIMIT
from benchmarks.log_corpus import STYLES, SYSTEMS, corpus


def texts_of(lines: Iterable[str]) -> list[str]:
    return [template.text for template in mine(lines).templates]


def score_of(lines: list[str], true: list[str]) -> tuple[float, float]:
    mined = mine(lines)
    score = grouping_score([mined.templates[index].text for index in mined.assignment], true)
    return score.grouping_accuracy, score.grouping_f1


def test_equal_lines_are_one_template_with_a_count() -> None:
    mined = mine(["ready"] * 3 + ["request 7 took 12 ms", "ready"])
    ready, request = mined.templates
    assert (ready.text, ready.count, ready.first_index, ready.last_index, ready.example_index) == ("ready", 4, 0, 4, 0)
    assert (request.text, request.count, request.first_index) == ("request <*> took <*> ms", 1, 3)
    assert list(mined.assignment) == [0, 0, 0, 1, 0]


def test_no_lines_give_no_templates() -> None:
    assert mine([]) == Mined((), mine([]).assignment)


def test_names_without_digits_vary_behind_a_word_that_announces_them() -> None:
    assert texts_of(["session opened for user cyrus", "session opened for user news"]) == [
        "session opened for user <*>"
    ]


def test_words_that_tell_what_happened_stay_apart() -> None:
    lines = [f"interface eth0 link {state} after reset" for state in ("up", "down", "restored", "failing")]
    assert len(texts_of(lines)) == 4


def test_first_words_stay_apart() -> None:
    daemons = ["cupsd", "syslogd", "portmap", "klogd", "sdpd", "hcid"]
    assert len(texts_of(f"{daemon} startup succeeded" for daemon in daemons)) == len(daemons)


def test_many_words_in_one_place_are_values() -> None:
    lines = [f"reading chapter about {word} from shelf" for word in ("moon", "river", "stone", "bread")]
    assert texts_of(lines) == ["reading chapter about <*> from shelf"]


def test_a_word_that_is_a_value_elsewhere_is_one_here() -> None:
    lines = [f"login of user {name}" for name in ("ada", "bob")] + [
        f"quota of {name} is spent" for name in ("ada", "bob")
    ]
    assert texts_of(lines) == ["login of user <*>", "quota of <*> is spent"]


def test_values_of_several_words_are_one_variable() -> None:
    names = ["Fax", "Smart Card", "Font Cache Helper", "Print Spooler", "Themes"]
    assert texts_of(f"The {name} service entered the running state." for name in names) == [
        "The <*> service entered the running state."
    ]


def test_lists_of_any_length_are_one_template() -> None:
    lists = ["node3", "node4, node9", "node1, node2, node7"]
    assert texts_of(f"lost contact with nodes: {nodes}" for nodes in lists) == ["lost contact with nodes: <*>"]
    assert len(texts_of(["blocks to delete: 17 18 19", "blocks to delete: 4"])) == 1


def test_a_dump_of_settings_is_one_template() -> None:
    names = ["os.name=Linux", "java.vendor=Oracle Corporation", "user.dir=/", "java.home=/opt/jdk", "os.arch=amd64"]
    assert texts_of(f"Server environment:{name}" for name in names) == ["Server environment:<*>"]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["free 1.2 KB", "free 3.4 GB"], "free <*>"),
        (["free 1.2 KB", "free 3.4 KB"], "free <*> KB"),
        (["sent 10 bytes now", "sent 18846 bytes (18.4 KB) now"], "sent <*> now"),
        (["using SOCKS5 proxy"] * 2, "using SOCKS5 proxy"),
        (["using SOCKS4 proxy", "using SOCKS5 proxy"], "using <*> proxy"),
        (
            ["connection from host () refused", "connection from host (a1-b2) refused"],
            "connection from host (<*>) refused",
        ),
        (["at Fri Jun 17 07:07:00 2005 it rained"], "at <*> it rained"),
        (["disk at 97% of quota"], "disk at <*>% of quota"),
        (["can't open 'x7' or it's gone"], "can't open 'x7' or it's gone"),
        (["job 7 ran on node[01-05]"], "job <*> ran on <*>"),
        (["moved from NEW to RUNNING", "moved from RUNNING to DONE"], "moved from <*> to <*>"),
        (["pod cart-5d98ffcfd-tz4nc ready"], "pod <*> ready"),
    ],
)
def test_wording(lines: list[str], text: str) -> None:
    assert texts_of(lines) == [text]


def test_five_kinds_of_systems_are_grouped_with_one_configuration() -> None:
    scores = []
    for system in SYSTEMS:
        pairs = list(corpus(system, 2_000))
        scores.append(score_of([line for line, _ in pairs], [template for _, template in pairs]))
    assert statistics.mean(accuracy for accuracy, _ in scores) >= 0.95
    assert statistics.mean(f1 for _, f1 in scores) >= 0.95


def test_times_levels_and_names_before_the_message_do_not_matter() -> None:
    pairs = list(corpus("node", 1_000))
    lines = [f"2026-11-23T20:00:{index % 60:02d}Z INFO [kubelet] {line}" for index, (line, _) in enumerate(pairs)]
    assert min(score_of(lines, [template for _, template in pairs])) >= 0.95


def test_the_order_of_lines_does_not_change_the_groups() -> None:
    pairs = list(corpus("cluster", 1_500))
    random.Random(5).shuffle(pairs)
    assert min(score_of([line for line, _ in pairs], [template for _, template in pairs])) >= 0.95


def test_the_same_lines_give_the_same_bytes_in_another_process() -> None:
    program = (
        "from agent.normalize.templates import mine; from benchmarks.log_corpus import corpus;"
        "m = mine(line for line, _ in corpus('shop', 800)); print(m.templates, list(m.assignment))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_a_huge_line_is_looked_at_up_to_its_limit() -> None:
    mined = mine(["x " * 5_000_000, "x " * 4_000_000, "y" * 10_000_000])
    assert list(mined.assignment) == [0, 0, 1]
    assert all(len(template.text) <= LINE_LIMIT + 10 for template in mined.templates)


def test_random_words_end_in_a_bounded_number_of_groups() -> None:
    dice = random.Random(2)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(20_000)]
    lines = [" ".join(dice.choices(words, k=40)) for _ in range(4_000)]
    mined = mine(lines)
    assert len(mined.assignment) == len(lines)
    assert sum(template.count for template in mined.templates) == len(lines)
    assert any(template.text.endswith("<*>") for template in mined.templates)


ODD_LINES = st.text(max_size=60) | st.from_regex(r"[a-c]{1,3}[ =:,(\[]{0,3}[0-9a-f.-]{0,9}[)\]\"' ]{0,2}[<*>]{0,3}")


@settings(max_examples=60)
@given(
    st.lists(st.text(max_size=60) | st.from_regex(r"[a-c]{1,3}[ =:,(\[]{0,3}[0-9a-f.-]{0,9}[)\]\"' ]{0,2}[<*>]{0,3}"))
)
def test_any_text_is_counted_once_and_never_an_error(lines: list[str]) -> None:
    mined = mine(lines)
    assert len(mined.assignment) == len(lines) == sum(template.count for template in mined.templates)
    for place, template in enumerate(mined.templates):
        where = [index for index, assigned in enumerate(mined.assignment) if assigned == place]
        assert (template.first_index, template.last_index, template.count) == (where[0], where[-1], len(where))
        assert template.example_index in where


def test_undecodable_bytes_are_mined() -> None:
    lines = [
        bytes(random.Random(seed).choices(range(256), k=80)).decode("utf-8", "surrogateescape") for seed in range(50)
    ]
    assert sum(template.count for template in mine(lines).templates) == 50


def test_systems_of_other_kinds_are_grouped_as_well() -> None:
    scores = [score_of(*map(list, zip(*corpus(style, 2000), strict=True))) for style in STYLES]
    assert statistics.mean(grouping for grouping, _ in scores) >= 0.98
    assert statistics.mean(f1 for _, f1 in scores) >= 0.95


def test_what_was_requested_stays_apart_in_quotes() -> None:
    lines = [
        f'10.0.0.7 "{verb} /v2/{path} HTTP/1.1" status: 200' for verb in ("GET", "POST") for path in ("a", "b/c", "d")
    ]
    assert texts_of(lines) == [
        '<*> "GET <*> HTTP/<*>" status: <*>',
        '<*> "POST <*> HTTP/<*>" status: <*>',
    ]


def test_a_name_of_several_words_is_a_value_where_others_stand() -> None:
    names = ("Safari", "Mail", "Dock", "Finder", "Google Chrome", "Microsoft Word")
    assert texts_of(f"Could not launch {name} with status 5" for name in names) == [
        "Could not launch <*> with status <*>"
    ]


def as_logfmt(message: str, index: int) -> str:
    return f'time="2026-01-01T00:00:{index % 60:02}Z" level=info msg={json.dumps(message)} id={index * 7919:08x}'


def as_klog(message: str, index: int) -> str:
    return (
        f'I0101 00:00:{index % 60:02}.12 1 file.go:{index % 7}] {json.dumps(message)} pod="ns/p" podUID="u{index}" n=3'
    )


def as_json(message: str, index: int) -> str:
    return json.dumps({"at": f"2026-01-01T00:00:{index % 60:02}Z", "log": {"level": "info"}, "message": message})


@pytest.mark.parametrize("form", [as_logfmt, as_klog, as_json])
@pytest.mark.parametrize("system", ["shop", "node", "cluster"])
def test_messages_within_another_form_are_grouped_as_they_are_alone(
    system: str, form: Callable[[str, int], str]
) -> None:
    pairs = list(corpus(system, 1_000))
    lines = [form(line, index) for index, (line, _) in enumerate(pairs)]
    assert min(score_of(lines, [template for _, template in pairs])) >= 0.95


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        (
            [
                f'level=info msg="{verb} for \\"{text}\\" done"'
                for verb in ("Start", "Stop", "Kill")
                for text in ["a1", "b2"]
            ],
            [f'level=info msg="{verb} for \\"<*>\\" done"' for verb in ("Start", "Stop", "Kill")],
        ),
        (
            [f'"{said}" pod="{pod}" err="no \\"{pod}\\" = none"' for said in ("A up", "B up", "C up") for pod in "xy"],
            [f'"{said}" pod=<*> err=<*>' for said in ("A up", "B up", "C up")],
        ),
        (['10.0.0.7 [27/Nov/2026:23:02:11 +0000] "GET /a?b=c&d=e HTTP/1.1"'], ['<*> [<*> <*>] "GET <*> HTTP/<*>"']),
        ([f"upgrade {name}:all 1.2-3~deb1" for name in "abcdefghijklm"], ["upgrade <*> <*>"]),
        (["topic id Epmr3aCkQTyKdu2d-Sp_og of __consumer_offsets-7"], ["topic id <*> of <*>"]),
        (['said \\"\\" and ""'], ['said \\"\\" and "<*>"']),
    ],
)
def test_values_and_messages_in_the_forms_of_other_programs(lines: list[str], texts: list[str]) -> None:
    assert texts_of(lines) == texts
