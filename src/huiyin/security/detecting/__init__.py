"""Find personal data in what people wrote.

Walks in: a text of any length, and the end of what the same person wrote before it.
Walks out: `find_personal` gives spans with their kinds; every rule is linear in the text.
Not here: masking (`security/masking.py`), measuring (`evals`), any text that was ever seen.
"""
