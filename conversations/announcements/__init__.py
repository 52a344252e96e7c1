"""Announcements: as residents see them, and as administrators write them."""
