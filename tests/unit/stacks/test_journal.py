from pathlib import Path

from blissful_infra.stacks.state.journal import Journal, open_run


def test_a_run_that_never_ended_is_open_with_what_it_started(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begin("r1", "up")
    journal.about_to("start", service="postgres")
    journal.about_to("start", service="kafka")
    run = journal.open_run()
    assert run is not None
    assert (run.run_id, run.verb, run.started) == ("r1", "up", ("postgres", "kafka"))


def test_an_ended_run_is_closed(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begin("r1", "up")
    journal.end("done")
    assert journal.open_run() is None
    assert [entry["act"] for entry in journal.entries()] == ["begin", "end"]


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begin("r1", "up")
    with journal.path.open("a") as file:
        file.write('{"act": "sta')
    assert journal.open_run() is not None


def test_no_journal_is_no_open_run(tmp_path: Path) -> None:
    assert Journal(tmp_path).open_run() is None
    assert open_run([]) is None
