"""The language understanding of Rahnuma: training data, components, training and server."""
