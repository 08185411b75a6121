"""Keep each shop's connection to its platform: sealed settings and tokens, the open lines, the pace of calls.

Walks in:  a shop's settings from whoever may connect it; tokens as platforms renew them.
Walks out: open lines (channels) by shop, the same in every process; `ConnectionChanged`.
Not here:  what a platform's calls look like (channels), what is read or sent over a line (conversations).
"""
