"""`app-server [--listen unix://PATH] -c …`, as the server starts its agent; and `--version`.

Start faults come from the environment: STAND_IN_START=exit (exits with 3), hang (never answers). STAND_IN_HOOKS names
the gate's fault in `hooks/list`. STAND_IN_LOG is a file with one JSON object a line.
"""

import asyncio
import os
import sys
import time

from websockets.asyncio.server import ServerConnection, unix_serve

from .peer import Agent, Peer


async def over_socket(agent: Agent, path: str) -> None:
    async def handle(socket: ServerConnection) -> None:
        peer = Peer(agent, socket.send, socket.close)
        try:
            async for text in socket:
                await peer.received(text if isinstance(text, str) else repr(text))
        finally:
            agent.peers.remove(peer)
            agent.log("gone", connection=peer.number)

    async with unix_serve(handle, path, max_size=None, compression=None):
        await asyncio.Future()


async def over_stdio(agent: Agent) -> None:
    reader = asyncio.StreamReader(limit=1 << 30)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    async def send(text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    peer = Peer(agent, send)
    while line := await reader.readline():
        await peer.received(line.decode().removesuffix("\n"))
    agent.log("gone", connection=peer.number)


def main() -> None:
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        print("stand-in 1")
        return
    agent = Agent(arguments)
    agent.log("start", arguments=arguments)
    match os.environ.get("STAND_IN_START"):
        case "exit":
            print("the stand-in was told not to start", file=sys.stderr)
            sys.exit(3)
        case "hang":
            time.sleep(600)
    if "--listen" in arguments:
        asyncio.run(over_socket(agent, arguments[arguments.index("--listen") + 1].removeprefix("unix://")))
    else:
        asyncio.run(over_stdio(agent))


main()
