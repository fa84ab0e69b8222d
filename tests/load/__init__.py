"""Load: many consoles and many people at once, over real HTTP, while processes are killed."""
