"""Networks, the files that they are kept in, and architectures by name."""
