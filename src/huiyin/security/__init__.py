"""Seal what people wrote, mask what is personal, know who holds which key.

Walks in:  plain bodies on their way into the database, plain text on its way to a screen.
Walks out: ciphertext bound to its place; masked text; password hashes.
Not here:  who may see what (org.access); which message is which (conversations).
"""
