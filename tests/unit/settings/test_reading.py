"""Reading blissful-infra.yaml: what is accepted, and what each mistake is told."""

from pathlib import Path

import pytest

from blissful_infra.settings.model import RuntimeChoice
from blissful_infra.settings.problems import InvalidSettingsError
from blissful_infra.settings.reading import NoProjectError, find_project, load_project
from tests.unit.settings.projects import GOOD, a_project


def problems_of(folder: Path, *changes: tuple[str, str]) -> list[str]:
    with pytest.raises(InvalidSettingsError) as caught:
        load_project(a_project(folder, *changes))
    assert caught.value.exit_code == 3
    return [str(problem) for problem in caught.value.problems]


def problems_in(folder: Path, content: bytes) -> list[str]:
    path = folder / "blissful-infra.yaml"
    path.write_bytes(content)
    with pytest.raises(InvalidSettingsError) as caught:
        load_project(path)
    return [str(problem) for problem in caught.value.problems]


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    config = load_project(a_project(tmp_path))
    assert config.services["app"].run_argv == ("java", "-jar", "target/app.jar")
    assert config.services["app"].build_argv == ("mvn", "-B", "-q", "-DskipTests", "package")
    assert config.services["app"].migrate_argv is None
    assert list(config.backing.enabled()) == ["postgres", "kafka"]
    assert config.environments["production"].approve is True
    assert config.runtime is RuntimeChoice.AUTO
    assert (config.state.max_age_days, config.state.max_size_mb) == (30, 512)


def test_a_short_file_gets_every_default(tmp_path: Path) -> None:
    path = tmp_path / "blissful-infra.yaml"
    path.write_text("name: tiny\nservices: {app: {port: 1, run: [a, b c]}}\n")
    config = load_project(path)
    assert config.services["app"].run_argv == ("a", "b c")
    assert config.backing.enabled() == {}
    assert config.slo.p95_ms == 200


def test_an_unknown_key_names_the_nearest_and_its_line(tmp_path: Path) -> None:
    assert problems_of(tmp_path, ("port: 8080", "port: 8080\n    helth: /x")) == [
        "blissful-infra.yaml:8: services.app.helth: unknown key; did you mean `health`?"
    ]


def test_a_key_like_no_other_lists_the_known_ones(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, ("registry: { kind: local }", "registry: { zzz: local }"))
    assert problem == "blissful-infra.yaml:15: registry.zzz: unknown key; known keys: kind, url, insecure"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, ("port: 8080", "port: 80800"), ("runtime: auto", "runtime: dokcer"), ("replicas: 3", "replicas: -3")
    )
    assert [problem.split(": ")[1] for problem in found] == [
        "services.app.port",
        "runtime",
        "environments.production.replicas",
    ]
    assert "did you mean `docker`?" in found[1]


def test_a_number_as_version_is_told_to_be_quoted(tmp_path: Path) -> None:
    assert problems_of(tmp_path, ('"18"', "18")) == [
        'blissful-infra.yaml:12: backing.postgres.version: should be text; put it in quotes: "18"'
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("name: my-service\n", "name: My_Service\n", "name: should be 3 to 40 lower-case letters"),
        ("port: 8080", "port: 0", "services.app.port: should be greater than or equal to 1"),
        ("port: 8080", "port: true", "services.app.port: should be a valid integer, not true"),
        ("port: 8080", 'port: "8080"', "services.app.port: should be a valid integer, not '8080'"),
        ("port: 8080", "port: 5432", "services.app.port: 5432 is the port of backing.postgres too"),
        ("path: .", "path: ../other", "services.app.path: leads out of the project's folder"),
        ("path: .", "path: a/../../b", "services.app.path: leads out of the project's folder"),
        ("path: .", "path: /etc", "services.app.path: should be a path relative to the project's folder"),
        ("health: /health", "health: health", "services.app.health: should be a path such as /health"),
        ("run: java", "run: cd x && java", "services.app.run: `&&` needs a shell"),
        ("run: java", "run: \"'java", "not YAML"),
        ("run: java -jar target/app.jar", "run: java -jar 'x", "services.app.run: cannot be split into arguments"),
        ("run: java -jar target/app.jar", "run: []", "services.app.run: is empty"),
        ("run: java -jar target/app.jar", "run: [java, 1]", "services.app.run: should be a command"),
        ("run: java -jar target/app.jar", "run:", "services.app.run: has no value"),
        ("kafka]", "redis]", "services.app.needs[1]: `redis` is off under `backing`"),
        ("kafka]", "mail]", "services.app.needs[1]: `mail` is neither a service nor a backing server"),
        ("kafka]", "app]", "services.app.needs: the services wait for each other in a circle: app -> app"),
        ("kafka]", "postgres]", "services.app.needs[1]: `postgres` stands here twice"),
        ("  app:", "  postgres:", "services.postgres: is the name of a backing server"),
        ("  staging:", "  local:", "environments.local: is a name the inventory keeps for itself"),
        ("redis: false", "redis: yes", 'backing.redis: should be false, or a mapping such as {version: "18"}'),
        ("error_rate: 0.01", "error_rate: .nan", "slo.error_rate"),
        ("approve: true", "approve: yes", "environments.production.approve: should be a valid boolean"),
        ("images: {}", "images: {'a b': c}", "images.a b: should be an image reference"),
        ("images: {}", "name: again", "name: stands twice; the first is in line 2"),
        ("images: {}", "images: !!python/object:os.system {}", "not supported"),
        ("images: {}", "1: 2", "a key should be text"),
        ("services:\n", "services:\n\t", "a tab stands where YAML wants spaces"),
        ("services:", "services: [", "not YAML"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert any(said in problem for problem in problems_of(tmp_path, (before, after)))


def test_three_services_in_a_circle_are_named_in_the_order_they_wait(tmp_path: Path) -> None:
    path = tmp_path / "blissful-infra.yaml"
    services = "".join(
        f"  {name}: {{port: {port}, run: x, needs: [{other}]}}\n"
        for name, port, other in [("a", 1, "b"), ("b", 2, "c"), ("c", 3, "a")]
    )
    path.write_text(f"name: circle\nservices:\n{services}")
    with pytest.raises(InvalidSettingsError, match=r"a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c"):
        load_project(path)


def test_two_services_on_one_port_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "blissful-infra.yaml"
    path.write_text("name: two\nservices:\n  a: {port: 1, run: x}\n  b: {port: 1, run: x}\n")
    with pytest.raises(InvalidSettingsError, match=r"yaml:4: services.b.port: 1 is the port of services.a too"):
        load_project(path)


def test_a_link_that_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "elsewhere").symlink_to(tmp_path)
    with pytest.raises(
        InvalidSettingsError, match=r"services.app.path: leads out of the project's folder through a link"
    ):
        load_project(a_project(project, ("path: .", "path: elsewhere")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"# nothing\n", "is empty"),
        (b"just text", "should be a mapping of keys"),
        (b"- a\n- b\n", "should be a mapping of keys"),
        (b"name: x\nservices: \xff\xfe", "blissful-infra.yaml:2: is not UTF-8 text"),
        (b"\x00\x01\x02ELF", "not YAML"),
        (b"a: " + b"[" * 5000, "too deeply"),
        (b"a: " + b"x" * 300_000, "larger than 256 KiB"),
        (b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (i, i) for i in range(3)) + b"c: *nowhere", "not YAML"),
        (b"--- a: 1\n--- b: 2\n", "not YAML"),
        (b"a: &a\n  b: *a\n", "expands to more"),
    ],
)
def test_what_is_no_configuration_at_all_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    (problem,) = problems_in(tmp_path, content)
    assert said in problem


def test_a_yaml_bomb_is_stopped(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    (problem,) = problems_in(tmp_path, "\n".join(lines).encode())
    assert "expands to more than a configuration can be" in problem


def test_anchors_and_merge_keys_work(tmp_path: Path) -> None:
    path = a_project(
        tmp_path,
        ("  staging:    { cluster", "  staging: &base { cluster"),
        ("  production: { cluster: prod-context, namespace", "  production: { <<: *base, namespace"),
    )
    assert load_project(path).environments["production"].cluster == "staging-context"


def test_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "blissful-infra.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load_project(path).name == "my-service"


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "blissful-infra.yaml").mkdir()
    with pytest.raises(InvalidSettingsError, match=r"cannot be read: Is a directory"):
        load_project(tmp_path / "blissful-infra.yaml")


def test_the_project_is_found_from_a_folder_inside(tmp_path: Path) -> None:
    path = a_project(tmp_path)
    inside = tmp_path / "src" / "main"
    inside.mkdir(parents=True)
    assert find_project(inside) == path


def test_outside_a_project_create_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoProjectError) as caught:
        find_project(tmp_path)
    assert "blissful-infra create" in str(caught.value.hint)
