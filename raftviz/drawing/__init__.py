"""A cluster as a picture: SVG for a notebook or a card, signs for a terminal. All draw a view, and know nothing else.

from raftviz.drawing import letters, svg
svg(simulation.view())        # one self-contained <svg>
card([Frame(1, simulation.view())], 1, "Three nodes")     # a small one, in the inks of a page
letters(simulation.view())    # a raftviz.drawing.Drawing: lines of pieces, each with the ink it has
"""

from __future__ import annotations

from raftviz.drawing.card import Frame, card
from raftviz.drawing.letters import Drawing, Piece, letters
from raftviz.drawing.picture import svg

__all__ = ["Drawing", "Frame", "Piece", "card", "letters", "svg"]
