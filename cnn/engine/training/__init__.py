"""Training: forward and back, layers joined into steps."""
