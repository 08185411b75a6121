"""Keep what may be said: clauses with two times, standard questions, the words customers signal with.

Walks in:  packs of clauses, standard questions and signals (YAML shipped here, rows read by others).
Walks out: `Clause`s in force at a moment, search `Hit`s with a calibrated score, `Signal`s in a text.
Not here:  deciding what to answer (assist), judging what was said (quality), editing and storing clauses.
"""
