"""Training a network: losses, optimisers, schedules, the training loop and its callbacks."""
