"""Start raftviz: `python app.py`. RAFTVIZ_HOST, RAFTVIZ_PORT and RAFTVIZ_OPEN choose where."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

from eventlet import wsgi

from raftviz.server import run

if __name__ == "__main__":
    run(wsgi.server)
