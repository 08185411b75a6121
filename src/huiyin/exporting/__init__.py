"""The export room (导出): sessions and messages leave as a file, masked, marked and written down.

Walks in:  somebody's wish for some shops' days; sessions as the hall keeps them, with the figures of each (insight).
Walks out: a sealed file that whoever asked takes within a week, and that goes when what stands in it must go.
Not here:  originals, which no export ever holds; reports, which are figures (insight, web.workbooks).
"""
