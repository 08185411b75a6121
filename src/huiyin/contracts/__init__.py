"""Hold promises (SLA, 对赌) and turn a month's figures into a statement that opens down to messages.

Walks in:  session figures (insight), findings that may pay (quality).
Walks out: StatementIssued.
Not here:  how a figure is computed (insight), which vendor to choose (vendors).
"""
