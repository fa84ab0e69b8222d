"""Commands for people who work on Rahnuma."""
