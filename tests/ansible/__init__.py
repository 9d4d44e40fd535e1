"""The playbooks as a user runs them: plain `ansible-playbook`, and through ansible-runner."""
