"""Second judges from npm of what we say to LINE and of what our double of LINE says (`make judges`)."""
