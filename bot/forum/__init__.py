"""The coordinators' queue in a Telegram forum group: one topic for each case, always the truth of the database."""
