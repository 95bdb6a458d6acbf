"""What we ask and how a conversation moves on: pure functions on plain data, no I/O but reading the words files."""
