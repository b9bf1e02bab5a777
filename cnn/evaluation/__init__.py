"""Evaluation of a model: metrics, robustness, refusals, tables and charts."""
