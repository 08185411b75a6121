"""Choose and score outsourcing vendors by evidence.

Walks in:  StatementIssued (contracts), exam and drill results (training), figures (insight).
Walks out: VendorScored, reasoned reports.
Not here:  the running contract (contracts).
"""
