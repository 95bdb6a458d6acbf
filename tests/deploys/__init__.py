"""Open talks as each release left them in the database, and what the next release makes of them."""
