"""A LINE platform and a Telegram platform in miniature, over HTTP: for the demo, the tests and load runs.

Each platform has two sides. `.app` is the ASGI application that a production adapter talks to, exactly as it would talk
to the real host. The rest of the object is the phone in a person's hand: `follow`, `say`, `tap`, `screen`. Nothing here
sees the bot from the inside and no adapter can tell a double from the real thing.
"""
