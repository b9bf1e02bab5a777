"""Networks, models, their files, and architectures by name."""
