"""What came of a meeting: how staff record it, how residents are told, and how both say whether a promise was kept."""
