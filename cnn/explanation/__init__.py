"""How a network came to its answer."""
