"""Say at a terminal what somebody else wrote: names, reasons, accounts."""


def plain(text: str) -> str:
    """Return a text without signs that move the cursor, colour or break lines: those are for terminals, not people."""
    return "".join(each if each.isprintable() else "�" for each in text)
