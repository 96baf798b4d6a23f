"""Django's SQLite engine with a fair write lock."""
