"""Prediction: layers joined into steps that are bound to buffers."""
