"""The switch: the application for a server, the light command line for `flask`, and the server.

`python -m wsgi granian --interface wsgi … wsgi:app` is granian with everything read ahead: its
processes are forked from one that knows the code and the dictionary, so that a dead one is back in
half the time, and all share one copy.
"""

import gc
import os
import sys

from core.settings import Settings

if __name__ == "__main__":
    gc.disable()  # what is loaded now stays: searching it for garbage costs half a second

    from granian.cli import entrypoint

    from bootstrap import read_dictionary

    read_dictionary(Settings.from_env().data_dir)
    gc.freeze()  # or the first search for garbage would copy what is shared
    gc.enable()
    sys.argv[:] = sys.argv[1:]
    entrypoint()  # type: ignore[no-untyped-call]
elif os.environ.get("FLASK_RUN_FROM_CLI") == "true":
    from ops.commands import create_cli_app

    app = create_cli_app()
else:
    from ops.following import before_the_end, prepare_web_worker

    prepare_web_worker()  # before the long imports: a web process ends with its parent
    gc.disable()

    from bootstrap import create_app

    app = create_app(Settings.from_env())
    before_the_end(app.wsgi_app.close)  # type: ignore[attr-defined]  # the edge's
    gc.freeze()  # nor is it searched while answering
    gc.enable()
