"""What students may see of each chapter's exercises, questions and predictions: a module each."""
