"""What tests share: a strict local Bot API server, a scripted NLU server, a running service."""
