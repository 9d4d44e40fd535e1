"""Embedders behind `agent.ports.Embedder`: one file a technology, and the choice between them.

Belongs here: turning text into vectors of length 1. Does not belong here: what text stands for an incident
(`agent.rca.incidents`), storing or searching vectors. Heavy libraries are imported by the first call, not before.
"""
