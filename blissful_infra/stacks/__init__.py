"""The local stack: what should run (plan), where (ports, runtime), and what does run (status).

Belongs here: planning, both runtimes, the lock, the journal and whatever else one project's stack on a machine needs.
Does not belong here: how a playbook is run and recorded (`runs`), what is printed (`cli`). Decisions are pure modules
(`plan`, `ports`, `waiting`, `runtime_choice`, `failing`); acts are called by the playbooks, through `ansible_acts`.
"""
