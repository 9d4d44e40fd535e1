"""An explanation that fails or takes too long is a line, and leaves nothing behind."""

import os
import time
from pathlib import Path

import psutil
import pytest

from blissful_infra.delivery.explaining import explain


def a_kubectl(folder: Path, text: str) -> None:
    (folder / "kubectl").write_text(f"#!/bin/sh\n{text}\n")
    (folder / "kubectl").chmod(0o755)


def test_a_cluster_that_hangs_costs_the_time_given_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_kubectl(tmp_path, f"touch {tmp_path}/asked; exec sleep 4711.25")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    began = time.monotonic()
    told = explain("shop", context="c", namespace="n", folder=tmp_path, since=time.time(), within_s=1)
    assert time.monotonic() - began < 10
    assert told.finding is None
    assert told.detail == "the agent did not get to the end within 1 s"
    assert not [each for each in psutil.process_iter(["cmdline"]) if "4711.25" in (each.info["cmdline"] or [])]


def test_a_cluster_that_refuses_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_kubectl(tmp_path, "echo 'error: pods is forbidden' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    told = explain("shop", context="c", namespace="n", folder=tmp_path, since=time.time(), within_s=60)
    assert (told.finding, told.detail) == (None, "the agent saw nothing: pods is forbidden")
