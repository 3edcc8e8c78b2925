"""A cluster as a picture: SVG for a notebook, signs for a terminal. Both draw a view, and know nothing else.

from raftviz.drawing import letters, svg
svg(simulation.view())        # one self-contained <svg>
letters(simulation.view())    # a raftviz.drawing.Drawing: lines of pieces, each with the ink it has
"""

from __future__ import annotations

from raftviz.drawing.letters import Drawing, Piece, letters
from raftviz.drawing.picture import svg

__all__ = ["Drawing", "Piece", "letters", "svg"]
