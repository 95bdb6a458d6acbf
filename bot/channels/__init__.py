"""The ways to a person: each reads what its platform posts, draws what we say and carries it."""
