"""Rasa graph components of our own, one module each (named by module path in config.yml)."""
