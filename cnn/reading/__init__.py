"""Reading digits in pictures with a model."""
