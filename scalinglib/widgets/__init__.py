"""Interactive pictures that need no kernel; README.md in this folder says how to add one."""
from .counting_window import CountingWindow
from .isoflop_valley import IsoFlopValley
from .law_explorer import LawExplorer
from .learning_curves import LearningCurves
from .left_out import LeftOut
from .missing_floor import MissingFloor
from .ngram_curves import NgramCurves
from .two_levers import TwoLevers

__all__ = ["CountingWindow", "IsoFlopValley", "LawExplorer", "LearningCurves", "LeftOut", "MissingFloor",
           "NgramCurves", "TwoLevers"]
