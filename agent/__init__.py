"""The colleague that explains what broke: events in; findings, incidents and fixes out.

Belongs here: everything that can be said from a folder of evidence. Does not belong here: anything that knows
how a stack is started, a template rendered or a playbook run; `blissful_infra` may import this package, never
the reverse.
"""
