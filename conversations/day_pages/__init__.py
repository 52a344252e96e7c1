"""How staff open the pages of a Customer Day: the screen in the hall."""
