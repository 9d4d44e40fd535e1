"""I/O that brings evidence in: one file per source, each an implementation of `agent.ports.Collector`.

Belongs here: reaching a source, reading it inside a window and a size bound, and saying so when it cannot be reached.
Does not belong here: making sense of what was read (normalize), or judging it. A new collector is a file here, a line
where the caller wires its sources, and a case in tests/contract/.
"""
