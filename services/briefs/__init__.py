"""What the director and the team know of visitors before a session, and what came of it after."""
