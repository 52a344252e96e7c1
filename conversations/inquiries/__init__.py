"""Questions: answered from the bank of the office, or sent to its team."""
