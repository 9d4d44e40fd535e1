"""What a project and its user have set: the schema of blissful-infra.yaml, reading it, and which source of a value won."""
