"""Real engines for the tests, from ordinary packages: scripts that start and stop them, and what tests ask of them.

Here belong Docker and Ollama. Servers that a test starts by itself (Postgres, Valkey, Kafka) do not.
"""
