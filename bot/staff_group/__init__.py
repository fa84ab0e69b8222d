"""The staff's Telegram group: one forum topic a case, words relayed both ways."""
