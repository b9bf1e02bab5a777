"""What is seen over HTTP: one package for each feature."""
