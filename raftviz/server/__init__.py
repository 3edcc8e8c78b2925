"""The server: rooms and who may steer them, the wire to the browser, pages, limits.

from raftviz.server import create_app, run, serve
create_app()          # the Flask application
run()                 # serve it here; app.py patches the network library first and calls this
serve(port=5001)      # the same in a fresh interpreter, for `python -m raftviz serve`
"""

from __future__ import annotations

from raftviz.server.application import create_app
from raftviz.server.launch import run, serve

__all__ = ["create_app", "run", "serve"]
