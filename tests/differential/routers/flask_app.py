from common import prefixes, routes
from flask import Flask, Response
from waitress.server import create_server

app = Flask(__name__, static_folder=None)
METHODS = ["GET", "POST"]


def handler(number):
    return lambda **_: Response("x", headers={"x-handler": str(number)})


for number, route in enumerate(routes):
    app.add_url_rule(route, str(number), handler(number), methods=METHODS, strict_slashes=False)
for i, prefix in enumerate(prefixes, len(routes)):
    app.add_url_rule(f"{prefix}/<path:rest>", str(i), handler(i), methods=METHODS)

server = create_server(app, host="127.0.0.1", port=0, threads=4)
print(server.effective_port, flush=True)
server.run()
