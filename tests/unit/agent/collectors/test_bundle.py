"""An evidence bundle is untrusted input: what is wrong becomes a gap or a clear error, never a crash."""

import gzip
import io
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.collectors.bundle import BundleError, Limits, investigation_of, read_bundle, text_of_header
from agent.domain.investigation import Document, Investigation, Period

HEADER = "version: 1\ntitle: it is slow\nalert: it is slow\n"


def bundle(root: Path, files: Mapping[str, str | bytes], header: str = HEADER) -> Path:
    for path, content in {"bundle.yaml": header, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def test_header_only_is_a_bundle(tmp_path: Path) -> None:
    seen = read_bundle(bundle(tmp_path, {}))
    assert (seen.title, seen.logs, seen.gaps) == ("it is slow", (), ())


def test_periods_and_topology_are_read(tmp_path: Path) -> None:
    header = HEADER + (
        "alert_at: '2026-01-01T00:05:00Z'\nwindow: {start: '2026-01-01T00:00:00Z', end: '2026-01-01T01:00:00Z'}\n"
        "topology: {edges: [[web, db], [db, web]]}\nasks: [commit]\n"
    )
    seen = read_bundle(bundle(tmp_path, {}, header))
    assert seen.alert_at == datetime(2026, 1, 1, 0, 5, tzinfo=UTC)
    assert seen.edges == (("web", "db"), ("db", "web"))
    assert seen.asks == ("commit",)


def test_gzipped_files_read_as_plain_ones(tmp_path: Path) -> None:
    seen = read_bundle(bundle(tmp_path, {"logs/web.log.gz": gzip.compress(b"one\ntwo\n")}))
    assert [(log.subject, log.lines) for log in seen.logs] == [("web", ("one", "two"))]


def test_file_names_give_the_subject(tmp_path: Path) -> None:
    files = {f"logs/{name}": "line\n" for name in ("a%2Fb.log", "web.previous.log", "web.2.log", "web-v1.25.log")}
    seen = read_bundle(bundle(tmp_path, files))
    assert {(log.subject, log.previous) for log in seen.logs} == {
        ("a/b", False),
        ("web", True),
        ("web", False),
        ("web-v1.25", False),
    }


def test_metrics_without_numbers_leave_gaps_in_the_series(tmp_path: Path) -> None:
    csv = "time,cpu,mem\n1,0.5,\n2,nan,7\nsoon,1,1\n"
    seen = read_bundle(bundle(tmp_path, {"metrics/web.csv": csv}))
    assert [(each.metric, each.times, each.values) for each in seen.series] == [
        ("cpu", (1.0,), (0.5,)),
        ("mem", (2.0,), (7.0,)),
    ]
    assert any("1 rows have no time" in gap for gap in seen.gaps)


def test_torn_lines_are_counted_not_lost_silently(tmp_path: Path) -> None:
    span = '{"trace_id":"t","span_id":"s","parent_id":null,"service":"web","operation":"GET","start":1,"duration_ms":5}'
    commit = '{"sha":"abc","time":"2026-01-01T00:00:00Z","author":"a","message":"m","files":["x"]}'
    seen = read_bundle(
        bundle(
            tmp_path,
            {
                "traces/spans.jsonl": f'{span}\n{{"trace_id": \n[]\n',
                "git/commits.jsonl": f"{commit}\n{commit[:20]}",
                "git/diffs/abc.diff": "@@ x @@\n-1\n+2\n",
            },
        )
    )
    assert [span.service for span in seen.spans] == ["web"]
    assert [(commit.sha, commit.diff) for commit in seen.commits] == [("abc", "@@ x @@\n-1\n+2\n")]
    assert {"traces/spans.jsonl: 2 lines are no spans", "git/commits.jsonl: 1 lines are no commits"} <= set(seen.gaps)


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.log"
    outside.write_text("secret\n")
    inside = bundle(tmp_path / "bundle", {"logs/web.log": "line\n"})
    (inside / "logs/link.log").symlink_to(outside)
    (inside / "notes").symlink_to(tmp_path)
    seen = read_bundle(inside)
    assert [log.path for log in seen.logs] == ["logs/web.log"]
    assert seen.notes == ()
    assert len([gap for gap in seen.gaps if "link" in gap]) == 2


def test_a_linked_header_is_refused(tmp_path: Path) -> None:
    real = bundle(tmp_path / "real", {})
    fake = tmp_path / "fake"
    fake.mkdir()
    (fake / "bundle.yaml").symlink_to(real / "bundle.yaml")
    with pytest.raises(BundleError, match=r"no bundle\.yaml"):
        read_bundle(fake)


def test_sizes_are_bounded_after_decompression(tmp_path: Path) -> None:
    bomb = gzip.compress(b"x" * 10_000_000)
    seen = read_bundle(bundle(tmp_path, {"notes/big.txt.gz": bomb}), Limits(file_octets=1000))
    assert len(seen.notes[0].text) == 1000
    assert any("larger than 1000 bytes" in gap for gap in seen.gaps)


def test_long_lines_are_cut_and_binary_is_text(tmp_path: Path) -> None:
    seen = read_bundle(bundle(tmp_path, {"logs/web.log": b"x" * 5000 + b"\n\x00\xff\xfe\n"}), Limits(line_octets=100))
    assert [len(line) for line in seen.logs[0].lines] == [100, 3]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "- a\n",
        "version: 2\ntitle: t\nalert: a\n",
        "version: 1\nalert: a\n",
        "version: 1\ntitle: t\nalert: a\nalert_at: soon\n",
        "version: 1\ntitle: t\nalert: a\nwindow: {start: '2026-01-02', end: '2026-01-01'}\n",
        "version: 1\ntitle: t\nalert: a\ntopology: {edges: [[a]]}\n",
        "version: 1\ntitle: &x t\nalert: *x\n",
        "version: 1\ntitle: !!python/object/apply:os.getcwd []\nalert: a\n",
        "version: 1\n\ttitle: t\n",
        "[" * 5000,
    ],
)
def test_an_invalid_header_says_what_is_wrong(tmp_path: Path, header: str) -> None:
    with pytest.raises(BundleError) as caught:
        read_bundle(bundle(tmp_path, {}, header))
    assert caught.value.exit_code == 3
    assert "bundle.yaml" in caught.value.message


def test_truncated_gzip_is_a_gap(tmp_path: Path) -> None:
    seen = read_bundle(bundle(tmp_path, {"ci/build.log.gz": gzip.compress(b"line\n" * 1000)[:20]}))
    assert seen.jobs == ()
    assert any("ci/build.log.gz could not be read" in gap for gap in seen.gaps)


NAMES = st.sampled_from(
    [
        "logs/web.log",
        "logs/a%2Fb.jsonl",
        "logs/web.previous.log",
        "ci/build.log",
        "metrics/web.csv",
        "metrics/db.csv",
        "traces/spans.jsonl",
        "git/commits.jsonl",
        "git/diffs/abc.diff",
        "git/diffs.txt",
        "kubernetes/get-pods.txt",
        "notes/deploys.yaml",
        "notes/a-b.txt",
        "notes/a/b.txt",
        "other/file",
    ]
)
LINES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["time,cpu\n1,2\n2,3\n", '{"sha":"abc","time":"2026-01-01T00:00:00Z"}\n', "\ufeffline\r\n\n"]),
    st.just("- {timestamp: '2026-01-01T00:00:00Z', service: web, commit_sha: abc}\n"),
)


@settings(max_examples=40)
@example({"logs/web.log": "\0"})
@example({"logs/web.log": "a\0b\0c\0d\0e\0f\0g\0h\0"})
@given(st.dictionaries(NAMES, LINES))
def test_memory_reads_as_the_folder_does(files: dict[str, str]) -> None:
    documents = [Document("bundle.yaml", HEADER), *(Document(path, text) for path, text in files.items())]
    with tempfile.TemporaryDirectory() as folder:
        assert investigation_of(documents) == read_bundle(bundle(Path(folder), {**files}))


def test_memory_is_bounded_as_the_folder_is() -> None:
    documents = [Document("bundle.yaml", HEADER), Document("logs/a.log", "x" * 50), Document("logs/b.log", "y")]
    seen = investigation_of(documents, Limits(file_octets=10_000, line_octets=10, files=1))
    assert [(log.subject, log.lines) for log in seen.logs] == [("a", ("x" * 10,))]
    assert len(seen.gaps) == 2
    seen = investigation_of(documents, Limits(file_octets=48))
    assert seen.logs[0].lines == ("x" * 48,)
    assert any("larger than 48" in gap for gap in seen.gaps)


def test_documents_without_a_header_are_no_bundle() -> None:
    with pytest.raises(BundleError, match=r"no bundle\.yaml"):
        investigation_of([Document("logs/a.log", "x")])


MOMENTS = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool)


@settings(max_examples=40)
@given(TEXTS, TEXTS, MOMENTS, MOMENTS, st.lists(st.tuples(TEXTS, TEXTS), unique=True), st.lists(TEXTS, unique=True))
def test_a_written_header_reads_as_it_was(
    title: str,
    alert: str,
    alert_at: datetime | None,
    onset: datetime | None,
    edges: list[tuple[str, str]],
    names: list[str],
) -> None:
    question = Investigation(
        title=title,
        alert=alert,
        alert_at=alert_at,
        window=Period(onset=onset),
        edges=tuple(edges),
        subjects=tuple(names),
        gaps=tuple(names),
    )
    seen = investigation_of([Document("bundle.yaml", text_of_header(question))])
    assert seen == question


def archive(file: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return file


def test_an_archive_reads_as_its_folder(tmp_path: Path) -> None:
    files = {"logs/web.log": "one\n", "metrics/web.csv": "time,cpu\n1,2\n"}
    packed = {f"mine/{path}": text.encode() for path, text in {"bundle.yaml": HEADER, **files}.items()}
    packed["mine/logs/db.log.gz"] = gzip.compress(b"two\n")
    seen = read_bundle(archive(tmp_path / "a.tar.gz", packed))
    assert [(log.subject, log.lines) for log in seen.logs] == [("db", ("two",)), ("web", ("one",))]
    assert (len(seen.series), seen.gaps) == (1, ())


def test_an_archive_can_reach_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.log"
    outside.write_text("secret\n")
    file = archive(tmp_path / "a.tar.gz", {"bundle.yaml": HEADER.encode(), "../logs/x.log": b"x\n"})
    with tarfile.open(tmp_path / "b.tar", "w") as tar, tarfile.open(file) as old:
        for member in old:
            tar.addfile(member, old.extractfile(member))
        link = tarfile.TarInfo("logs/link.log")
        link.type, link.linkname = tarfile.SYMTYPE, str(outside)
        tar.addfile(link)
    seen = read_bundle(tmp_path / "b.tar")
    assert seen.logs == ()
    assert any("logs/link.log is no regular file" in gap for gap in seen.gaps)
    assert not (tmp_path / "logs").exists()


def test_an_archive_is_bounded(tmp_path: Path) -> None:
    files = {
        "bundle.yaml": HEADER.encode(),
        "logs/a.log": b"x" * 500,
        "logs/b.log.gz": gzip.compress(b"y" * 10_000_000),
    }
    seen = read_bundle(archive(tmp_path / "a.tar.gz", files), Limits(archive_octets=2_000))
    assert sum(len(line) for log in seen.logs for line in log.lines) <= 2_000
    assert any("larger than" in gap for gap in seen.gaps)


@pytest.mark.parametrize(
    "data", [b"", b"no archive", gzip.compress(b"x" * 2000, mtime=0)[:30]], ids=["empty", "text", "torn"]
)
def test_what_is_no_archive_is_an_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.tar.gz").write_bytes(data)
    with pytest.raises(BundleError):
        read_bundle(tmp_path / "a.tar.gz")


@pytest.mark.parametrize(
    ("text", "names", "gaps"),
    [
        ("- {name: db, health: stopped}\n- {name: x, health: odd}\n- 3\n", ["db"], 1),
        ("{name: db}", [], 1),
        ("- [", [], 1),
        ("", [], 0),
    ],
)
def test_services_are_read_as_they_were_seen(tmp_path: Path, text: str, names: list[str], gaps: int) -> None:
    seen = read_bundle(bundle(tmp_path, {"notes/stack.yaml": text}))
    assert ([service.name for service in seen.services], len(seen.gaps)) == (names, gaps)
