"""Advice before something breaks: what a project lacks, what keeps coming back, what helped before; pure.

Belongs here: one rule a file in `rules/`, each a function from the material to suggestions with the lines that show
them; parsing what the rules look at; ranking. Does not belong here: reading files, knowledge bases or logs (they are
handed in), clocks, printing. No rule knows another.
"""

from agent.advice.material import Material, Remembered, Warned, material_of
from agent.advice.ranking import Ranked, ranked
from agent.advice.rules import RULES, Rule, suggestions_of

__all__ = ["RULES", "Material", "Ranked", "Remembered", "Rule", "Warned", "material_of", "ranked", "suggestions_of"]
