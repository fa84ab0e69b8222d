"""What supervisors see of the handoff, and the targets that they set."""
