"""Notices: posting them, subscribing to them, sending them to who subscribed."""
