"""Training a network: losses, optimisers, schedules, the loop and what watches it."""
