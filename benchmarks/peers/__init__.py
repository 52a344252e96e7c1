"""The peers: the same five-step conversation, kept in memory, as their own documentation writes it."""
