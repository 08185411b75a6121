"""The import room (导入): what a shop already has in files comes in here.

Walks in:  a file of an owner's (CSV, XLSX, JSONL): chats exported from elsewhere, or a platform's own reports.
Walks out: the chats through the hall's one door in, marked as backfill; the reports' figures with where they are from.
Not here:  what a platform tells over its own line (channels, backfill), and what figures mean (insight).
"""
