"""Our pipeline beside others on the same data: what a user of stock Rasa would get."""
