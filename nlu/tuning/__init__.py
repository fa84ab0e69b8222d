"""Tuning the encoder on the training data: a maintainer's work, apart from training the model."""
