"""The secret key of the tests, where the small programs they start can import it without importing pytest."""

SECRET = "a secret of the tests, long enough to be one"
