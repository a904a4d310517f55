/** The module that starts a Python micro without `run`; written beside its packages. */
export const SERVE_MODULE = 'ownspace_serve'

/**
 * Serves `app` of main.py, either ASGI (FastAPI, Starlette) or WSGI (Flask, Bottle), as Deta Space did (COMPAT 4.5). A
 * WSGI app is served by the standard library's server, which suffices for one owner with a few concurrent requests.
 */
export const SERVE_SOURCE = `import inspect
import os
import sys

sys.path.insert(0, os.getcwd())

from main import app

host, port = "0.0.0.0", int(os.environ.get("PORT", "8080"))


def is_asgi(candidate):
    call = getattr(candidate, "__call__", None)
    return inspect.iscoroutinefunction(candidate) or inspect.iscoroutinefunction(call)


def serve_asgi():
    try:
        import uvicorn
    except ImportError:
        sys.exit("main.app is an ASGI app: add uvicorn to requirements.txt")
    uvicorn.run(app, host=host, port=port)


def serve_wsgi():
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Handler(WSGIRequestHandler):
        def address_string(self):
            return self.client_address[0]

    make_server(host, port, app, server_class=Server, handler_class=Handler).serve_forever()


serve_asgi() if is_asgi(app) else serve_wsgi()
`
