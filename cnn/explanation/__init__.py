"""Explanations of a network's answer: activations, evidence, similar training pictures."""
