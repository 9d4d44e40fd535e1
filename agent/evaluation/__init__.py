"""Scores the engine against labelled cases.

Belongs here: measures, and reading the labels. Does not belong here: anything the engine itself uses to reach an
answer; nothing below this package may import it.
"""
