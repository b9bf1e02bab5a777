"""Recipes: how the models that ship are trained."""
