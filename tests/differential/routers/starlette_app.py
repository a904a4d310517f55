import socket

import uvicorn
from common import prefixes, routes
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route


def handler(number):
    async def handle(request):
        return Response("x", headers={"x-handler": str(number)})

    return handle


app = Starlette(
    routes=[Route(route, handler(number)) for number, route in enumerate(routes)]
    + [
        Mount(prefix, routes=[Route("/{rest:path}", handler(i))])
        for i, prefix in enumerate(prefixes, len(routes))
    ]
)
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(128)
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
