"""The site's pages and its API: one package for each feature."""
