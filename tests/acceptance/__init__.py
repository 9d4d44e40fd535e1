"""Proof that a created service, brought up, keeps docs/service-contract.md: every template, option and runtime."""
