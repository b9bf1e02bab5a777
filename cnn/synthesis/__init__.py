"""Pictures that are made, not collected, each with its exact truth."""
