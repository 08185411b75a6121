"""The measuring harnesses: Huiyin in a process of its own, under load, with its books checked afterwards.

Walks in:  the name of a harness, how long, a seed, a fault to plant.
Walks out: progress on stderr, one report of figures and targets, held or not.
Not here:  anything Huiyin needs to run; no room knows that it is being measured.
"""
