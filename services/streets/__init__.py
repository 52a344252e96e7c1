"""One of those who joined a request speaks for all of them."""
