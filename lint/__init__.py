"""Guard what no ready-made linter knows: the rules of this house, each with a test and a teaching message.

`python -m lint` runs the rules over the syntax trees; `contracts.py` adds a contract to import-linter.
"""
