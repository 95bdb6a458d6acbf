"""What we remember: kept, found again, in order, sealed, and forgotten when asked."""
