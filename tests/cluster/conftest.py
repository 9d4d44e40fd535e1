from collections.abc import Iterator

import pytest

from tests.cluster.kube import Kube, own_namespace


@pytest.fixture
def kube() -> Iterator[Kube]:
    with own_namespace() as kube:
        yield kube
