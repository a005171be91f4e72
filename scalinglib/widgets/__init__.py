"""Interactive pictures that need no kernel; README.md in this folder says how to add one."""

from .allocation import AllocationByBudget
from .broken_law import BrokenLaw
from .buy_runs import BuyRuns
from .counting_window import CountingWindow
from .frontier_map import FrontierMap
from .isoflop_valley import IsoFlopValley
from .law_explorer import LawExplorer
from .learning_curves import LearningCurves
from .left_out import LeftOut
from .lever_plans import LeverPlans
from .lifetime_cost import LifetimeCost
from .missing_floor import MissingFloor
from .ngram_curves import NgramCurves
from .repeated_data import RepeatedData
from .sharp_metric import SharpMetric
from .spectrum_tail import SpectrumTail
from .steps_and_batch import StepsAndBatch
from .training_bill import TrainingBill
from .two_levers import TwoLevers
from .where_flops import WhereFlopsGo
from .wrong_size import WrongSize

__all__ = [
    "AllocationByBudget",
    "BrokenLaw",
    "BuyRuns",
    "CountingWindow",
    "FrontierMap",
    "IsoFlopValley",
    "LawExplorer",
    "LearningCurves",
    "LeftOut",
    "LeverPlans",
    "LifetimeCost",
    "MissingFloor",
    "NgramCurves",
    "RepeatedData",
    "SharpMetric",
    "SpectrumTail",
    "StepsAndBatch",
    "TrainingBill",
    "TwoLevers",
    "WhereFlopsGo",
    "WrongSize",
]
