"""One installation as its operator sees it: the settings file, serving for years, backups and going back to them.

Walks in:  a settings file, `HUIYIN_…` of the environment, signals, the passing of time.
Walks out: a running door with its worker, readiness, metrics, encrypted backups, a restored house.
Not here:  what is served (web), what the worker does (worker), what the house is made of (wiring).
"""
