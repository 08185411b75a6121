"""Inspect what was said and what is about to be said, and show the words every finding stands on.

Walks in:  texts of either side, rule packs (YAML data with examples that are their tests).
Walks out: `Inspection`s with `Finding`s; `GateVerdict`s that pass, warn about or hold a draft.
Not here:  storing findings (listen), what a finding costs (contracts), who must practise (training).
"""
