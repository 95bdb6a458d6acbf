"""Written conversations, played through the engine and the real search."""
