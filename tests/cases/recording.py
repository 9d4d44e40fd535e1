"""What the recorders of cases share: the cases that the arguments name, and the question and label beside a bundle."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

Fault = TypeVar("Fault")


def record_those_named(about: str | None, faults: Mapping[str, Fault], record: Callable[[str, Fault], None]) -> int:
    """Record each case that the program's arguments name, or all; the exit code, 1 when one failed."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[*faults, []], help="names of faults (default: all)")
    failed = 0
    for name in parser.parse_args().cases or faults:
        try:
            record(name, faults[name])
            print(f"recorded {name}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"failed   {name}: {error}", file=sys.stderr, flush=True)
    return 1 if failed else 0


def label(bundle: Path, title: str, alert: str, expected: Mapping[str, Any]) -> None:
    """Put the question into the bundle, and what is expected into the file beside it."""
    header = yaml.safe_load((bundle / "bundle.yaml").read_text()) | {"title": title, "alert": alert}
    (bundle / "bundle.yaml").write_text(yaml.safe_dump(header, sort_keys=False))
    text = yaml.safe_dump({"set": "blissful", **expected}, sort_keys=False)
    bundle.with_name(f"{bundle.name}.expected.yaml").write_text(text)
