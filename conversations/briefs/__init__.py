"""The brief before a session and its summary after it, for the director and the team, each in their own chat."""
