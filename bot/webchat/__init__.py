"""The web chat: a small page, and the address that it (and any other client) talks to."""
