"""The command line: start, replay, walk, measure.

Walks in:  commands of a person at a terminal.
Walks out: running servers, progress, tables, one JSON object where `--json` asks for it.
Not here:  rules; each command calls the doors below.
"""
