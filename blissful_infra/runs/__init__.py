"""Runs playbooks and records their events. The only importer of ansible_runner."""
