"""Made-up incidents: the same arguments make the same bytes, and the fault can be found in them."""

from pathlib import Path

import pytest
import yaml

from agent.diagnosing import diagnose
from benchmarks.synthetic.__main__ import write_case


def made(folder: Path, case_set: str, number: int) -> tuple[Path, dict[str, object]]:
    write_case(folder, case_set, number, 7)
    (label,) = folder.glob(f"{case_set}/*.expected.yaml")
    return label.with_name(label.name.removesuffix(".expected.yaml")), yaml.safe_load(label.read_text())


def test_equal_arguments_make_equal_bytes(tmp_path: Path) -> None:
    first, second = (made(tmp_path / name, "made-services", 0)[0] for name in ("a", "b"))
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert names
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


@pytest.mark.parametrize("number", range(5))
def test_the_service_at_fault_is_found_in_its_metrics(tmp_path: Path, number: int) -> None:
    folder, label = made(tmp_path, "made-metrics", number)
    top = diagnose(folder).findings[0].claim
    assert [top.subject] == label["culprits"]
    assert top.metric == label["metric"]
