"""Administrators keep offices and sessions up to date in their private chat."""
