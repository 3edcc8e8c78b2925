"""`python -m raftviz`."""

from __future__ import annotations

import sys

from raftviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
