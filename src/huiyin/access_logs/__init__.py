"""Tell platforms who reached their data through us, where they want to know (JD: ISV 日志).

Walks in:  who signed in or failed to, whose orders somebody was shown, what was done to the database as a whole.
Walks out: records, kept sealed until the platform took them, sent to the one address it has for them, and never lost.
Not here:  what is written down for ourselves (audit), and how a platform wants its fields (channels).
"""
