"""The local stack: what should run (plan), where (ports, runtime), and what does run (status).

Belongs here: planning, and what both runtimes share. Each runtime has a package of its own (`docker`, `process`), and
so has what is kept on disk (`state`).
Does not belong here: how a playbook is run and recorded (`runs`), what is printed (`cli`). Decisions are pure modules
(`plan`, `ports`, `waiting`, `runtime_choice`, `failing`); acts are called by the playbooks, through `ansible_acts`.
"""
