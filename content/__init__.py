"""What Rahnuma can say: answers, the directory of facts, fixed sentences, in six languages."""
