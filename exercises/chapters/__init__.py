"""The instructor's side of each chapter's exercises: a module with SPECS, a tuple of `Spec`."""
