import os
from pathlib import Path

from blissful_infra.runs.retention import DAY_S, Kept, expired, in_use, purge

NOW = 100 * DAY_S


def test_old_and_surplus_go_oldest_first() -> None:
    kept = [Kept(Path(name), NOW - age * DAY_S, 1024 * 1024) for name, age in {"a": 1, "b": 2, "c": 3, "d": 40}.items()]
    assert set(expired(kept, now=NOW, max_age_days=30, max_size_mb=100)) == {Path("d")}
    assert set(expired(kept, now=NOW, max_age_days=30, max_size_mb=2)) == {Path("c"), Path("d")}


def test_purging_keeps_the_running_run_and_what_is_not_its_business(tmp_path: Path) -> None:
    names = ("runs/old/run.json", "runs/now/ansible/x", "events/now.jsonl")
    for name in (*names, "events/old.jsonl", "logs/app.log", "secrets.env"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
        os.utime(file, (1, 1))
        os.utime(file.parent, (1, 1))
    (tmp_path / "runs" / "killed" / "ansible").mkdir(parents=True)
    with in_use(tmp_path / "runs" / "now"):
        purge(tmp_path, now=NOW, max_age_days=30, max_size_mb=100)
    left = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert left == {"runs/now/ansible/x", "events/now.jsonl", "logs/app.log", "secrets.env"}
    assert not (tmp_path / "runs" / "killed" / "ansible").exists()


def test_a_run_is_spared_as_long_as_it_goes_on(tmp_path: Path) -> None:
    ours = tmp_path / "runs" / "now" / "ansible"
    ours.mkdir(parents=True)
    with in_use(ours.parent):
        purge(tmp_path, now=NOW, max_age_days=30, max_size_mb=0)
        assert ours.exists()
    purge(tmp_path, now=NOW, max_age_days=30, max_size_mb=0)
    assert not ours.parent.exists()
