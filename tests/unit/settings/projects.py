"""Small projects on disk, for tests of what reads them."""

from pathlib import Path

GOOD = """\
# yaml-language-server: $schema=blissful/schema.json
name: my-service
template: spring-boot
services:
  app:
    path: .
    port: 8080
    build: mvn -B -q -DskipTests package        # how the process runtime builds it
    run: java -jar target/app.jar
    health: /health
    needs: [postgres, kafka]
backing: { postgres: {version: "18"}, kafka: {version: "4.1"}, redis: false }
runtime: auto
images: {}
registry: { kind: local }
environments:
  staging:    { cluster: staging-context, namespace: my-service-staging, replicas: 2 }
  production: { cluster: prod-context, namespace: my-service, replicas: 3, approve: true }
slo: { p95_ms: 200, error_rate: 0.01, recovery_s: 30 }
agent: { model: "llama3.1:8b", embedder: auto, knowledge: sqlite }
"""


def a_project(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the good file with these replacements, each of which must apply; the file's path."""
    text = GOOD
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path = folder / "blissful-infra.yaml"
    path.write_text(text, encoding="utf-8")
    return path
