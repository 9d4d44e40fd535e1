"""Runs playbooks and records their events. The only importer of ansible_runner.

Belongs here: driving a shipped playbook, its events, how long they are kept, taking secrets out of them. Does not
belong here: what a playbook is for (`stacks`), what its events mean (`agent`).
"""
