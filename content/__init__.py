"""What Rahnuma can say: reviewed answers, the directory of facts, fixed sentences in six languages."""
