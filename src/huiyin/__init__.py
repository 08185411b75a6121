"""Huiyin (回音): outsourced e-commerce customer service, from the customer's message to the vendor's invoice.

Walks in:  signed platform calls (`web`), operators' commands (`cli`).
Walks out: replies to customers, screens for people, figures that open down to messages.
Not here:  anything of a particular room; the floors are listed in `.importlinter`, the story in `docs/walk.md`.
"""
