"""The laboratory: text to learn from, and models small enough to count or train on a laptop."""

from .budget import Budget, BudgetError
from .training import Recipe, Run, train

__all__ = ["Budget", "BudgetError", "Recipe", "Run", "train"]
