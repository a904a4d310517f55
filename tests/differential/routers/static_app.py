"""The file server of Python's own library."""
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from common import folder


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def list_directory(self, _):
        self.send_error(404)


server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
print(server.server_port, flush=True)
server.serve_forever()
