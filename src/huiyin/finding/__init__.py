"""Session search (会话检索): find the sessions in which something was said.

Walks in:  what people said, masked, as the hall keeps it (conversations); what inspection found in it (quality).
Walks out: sessions with the words that were looked for, newest first, to those who may read them.
Not here:  originals, which no index ever sees; looking for one customer by account (conversations.subjects).
"""
