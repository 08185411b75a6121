"""Personal data sown into chat: sentences of customers and agents, and where in them it stands.

Walks in:  templates (YAML, the format is at the head of `blind.yaml`), a seed, how many examples.
Walks out: texts with the spans of personal data, and texts full of numbers that are nobody's.
Not here:  the masking it is held against (`security`), and any value of a real person: all are made by dice.
"""
