"""The steps from one shape of the database to the next; the newest release can always read the one before."""
