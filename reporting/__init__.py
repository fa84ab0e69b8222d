"""What is counted of feedback and how it is shown: dashboard, exports, monthly report."""
