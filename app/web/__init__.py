"""HTTP: the web server, and what surrounds every request."""
