"""What residents ask, and the ready answers to it."""
