"""The use cases with the real engine, the real search and a real database."""
