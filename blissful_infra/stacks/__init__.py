"""The local stack: what should run (plan), where (ports, runtime), and what does run (status). Playbooks do the acting."""
