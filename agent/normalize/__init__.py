"""From a source's raw record to the shapes the rest speaks: one file per source, each pure and bounded.

Belongs here: parsing, and what makes hostile text harmless (redaction, neutral text for terminals). Does not belong
here: reading the record (collectors), or judging it. Input is untrusted: any bytes in, a value out, never an
exception; the work grows linearly with the input.
"""
