"""The pages of a Customer Day that the bot serves: the screen in the hall, and the director's page."""
