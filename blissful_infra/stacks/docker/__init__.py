"""The docker runtime: the project's own compose.yaml on a Docker engine, built, started, watched and stopped.

Belongs here: whatever knows Docker or Compose. Does not belong here: what both runtimes share.
"""
