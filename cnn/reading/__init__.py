"""Reading pictures with a model."""
