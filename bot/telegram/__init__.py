"""Telegram: takes updates from the Bot API, gives replies to it. Knows nothing of their meaning."""
