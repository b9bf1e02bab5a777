"""Storage: the database with its tables and migrations, picture files, trash, secret key."""
