"""What students may see of each chapter's exercises, questions and predictions, as data: one module
a chapter.
"""
