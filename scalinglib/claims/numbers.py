"""The one number of each claim, for a table: templates for the evidence of the claim.

>>> NUMBERS["A10"].format(ratio=2.9e10)
"29,000,000,000 times GPT-3's compute"
"""

NUMBERS = {
    "A1": "published laws: {low:.2f} to {high:.2f} nats",
    "A2": "{data_same_steps:.3f} to {data_most:.2f} nats",
    "A3": "{steps_repeated:.3f} to {steps_most:.2f} nats",
    "A4": "{off[python]:.2f} and {off[lexicon]:.2f} % off a straight line",
    "A5": "{clear} of {several} budgets",
    "A6": "{by_hand:.4f} and {loss:.4f} nats, two ways",
    "A7": "{factor:,.0f} times the compute at equal steps times batch",
    "A8": "exponent {best_low:.2f} to {best_high:.2f}",
    "A9": "exponent {power_high:.2f} to {power_low:.2f}",
    "A10": "{ratio:,.0f} times GPT-3's compute",
    "A11": "{data:.2f} times the data at twice the size",
    "A12": "{flag_old:.0f} to {flag_new:.0f} billion parameters, before and after",
    "A13": "exponent {first:.2f} or {second:.2f}, by the schedule",
    "B1": "missed by {missed[python]:.2f} and {missed[lexicon]:.2f} %",
    "B2": "exponent {size[first]:.2f} falls to {size[last]:.2f}, in size",
    "B3": "{constants} of {all} constants",
    "B4": "exponent {size:.2f} in 2020, {median:.2f} since",
    "B5": "{least:.0f} to {most:.0f} % more compute",
    "B6": "exponent {low:.2f} to {high:.2f}",
    "B7": "{smooth:.2f} % off a line, {extra:.0f} % extra compute",
    "B8": "exponent {naive:.2f} and {rule:.2f} in 2020, {median:.2f} since",
    "C1": "{N:.1%} and {D:.1%} for a doubling",
    "C2": "missed by {missed[python]:.2f} to {worst:.1f} %",
    "C3": "{exaflops:,.0f} exaFLOPs for GPT-3",
    "C4": "four times the best size loses {loses:.3f} nats",
    "C5": "{least:.3f} to {most:.3f} nats at Gopher's budget",
    "C6": "{first[low]:.0f} to {first[high]:.0f} at 1e21 FLOPs, then {last[low]:.0f} to "
    "{last[high]:.0f}",
    "C7": "exponents {size:.2f} and {data:.2f}",
    "C8": "{gain:.3f} nats gained at {ratio:,.0f} tokens per parameter",
    "C9": "{tenfold[lexicon]:.1f} and {tenfold[python]:.1f} % for ten times the compute",
    "C10": "{shares[above]:.0%}, {shares[across]:.0%} or {shares[below]:.0%} of the pairs",
    "C11": "{tokens:.1f} trillion tokens",
    "C12": "{size:.2f} to {size_most:.2f} times the size",
    "C13": "a factor of {factor:.1f} in training",
}
