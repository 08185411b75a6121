"""Keep the first answer to a call that may come twice, and give it again: idempotency keys.

Walks in:  a key a program made up, who calls what with it, what it said, and how it was answered.
Walks out: nothing the first time; the same answer afterwards, or a refusal that says why not.
Not here:  which calls can be repeated, and how answers travel (web).
"""
