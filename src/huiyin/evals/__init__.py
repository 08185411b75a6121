"""Test sets with known answers, to measure how well Huiyin judges what people write.

Walks in:  a seed, written templates, how many examples.
Walks out: examples with their answers; the same seed gives the same ones.
Not here:  what is being measured; no test set knows how a detector works.
"""
