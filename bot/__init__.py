"""The front-ends, and the conversation that they share."""
