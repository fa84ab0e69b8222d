"""What Rahnuma does for a person, one module for each route or form."""
