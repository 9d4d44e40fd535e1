"""Real engines for the tests, from ordinary packages: scripts that start and stop them, and what tests ask of them.

Here belong Docker, Loki, Ollama and Prometheus, and stand-ins that are programs or servers of their own (kubectl,
Jenkins). Servers that a test starts by itself (Postgres, Valkey, Kafka) do not.
"""
