"""How staff open the pages of a Customer Day: the screen in the hall, and the page of the room."""
