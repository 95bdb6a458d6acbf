"""The pages and doors of the bot over HTTP."""
