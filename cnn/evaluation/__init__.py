"""How often a model is right, as figures, tables and charts."""
