"""What came of a meeting: the outcome, what was promised, and whether the promise was kept."""
