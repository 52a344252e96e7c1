"""The line of Customer Day: the panel by which staff call people in, and what those who wait see of it."""
