"""What lasts: the database with its tables and migrations, and the picture files."""
