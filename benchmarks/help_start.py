"""How long `blissful-infra --help` takes, against `copier --version`."""

from benchmarks.rows import Row, alternating, plain_environment, seconds_of


def measure() -> Row:
    env = plain_environment()
    ours, peer, ratio = alternating(
        lambda: seconds_of(["blissful-infra", "--help"], env=env),
        lambda: seconds_of(["copier", "--version"], env=env),
        runs=10,
    )
    return Row("blissful-infra --help", ours, "copier --version", peer, ratio, reach=0.35)
