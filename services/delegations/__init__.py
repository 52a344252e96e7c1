"""A resident acts for another one, who has agreed."""
