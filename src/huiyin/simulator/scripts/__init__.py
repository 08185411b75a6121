"""Carry what the simulated customers say: scenarios and manners, one YAML file a theme.

Walks in:  nothing; the files are read by `simulator.scenarios`.
Walks out: the YAML files themselves.
Not here:  code that plays them (`simulator.visits`).
"""
