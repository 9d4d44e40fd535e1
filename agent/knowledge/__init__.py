"""What a team remembers of its failures: incidents, what fixes did, and finding the alike again.

Belongs here: the knowledge base on SQLite and on PostgreSQL behind `agent.ports.KnowledgeBase`, its numbered
migrations, embedders, the search index, export and import. Does not belong here: what makes two failures the same or
alike (`agent.rca.incidents`), judging, printing. All SQL stands in `queries.sql` and `migrations/`, in the words that
both databases understand.
"""
