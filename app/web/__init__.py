"""HTTP: the web server, and what stands around every request."""
