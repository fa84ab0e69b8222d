"""The conversation: what came in from a person, and what they get back. It knows no channel."""
