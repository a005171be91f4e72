"""The instructor's side of each chapter's exercises: one module a chapter, with SPECS, a tuple of
`Spec`.
"""
