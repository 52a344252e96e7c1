"""A resident acts for a parent or a neighbour who has agreed."""
