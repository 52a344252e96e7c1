"""The peers: the same conversations, kept in memory, as their own documentation writes them."""
