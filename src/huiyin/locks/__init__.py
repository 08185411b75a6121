"""Hold a draft against what it may rest on: every number, date, price and promise in it is bound, or it is not said.

Walks in:  a draft's words, the evidence it was written from (clauses, live facts), and what the customer asked about.
Walks out: every `Claim` in it with what it is bound to, or why it is not; the words that may be said.
Not here:  looking evidence up and writing drafts (assist), manners and prohibited words (quality).
"""
