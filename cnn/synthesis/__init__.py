"""Synthetic pictures, each with its exact ground truth."""
