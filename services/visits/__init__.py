"""The day itself: who has come, in which order they are received, and what came of it."""
