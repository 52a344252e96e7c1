"""Appointments as staff work them: the living card in the office's group, its buttons, and the lists of a day."""
