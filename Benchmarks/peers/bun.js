// A WebSocket in front of a child process, one message per line, in typical Bun code.
// bun bun.js PORT PROGRAM [ARGUMENT...]
const [port, ...command] = process.argv.slice(2);

// Bun drops messages for a full socket, so the relay has to handle backpressure.
async function relay(socket) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of socket.data.child.stdout) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (socket.send(line) === -1) await new Promise((drained) => (socket.data.drained = drained));
    }
  }
  socket.close();
}

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  fetch(request, server) {
    if (!server.upgrade(request, { data: {} })) return new Response("This is a WebSocket.", { status: 426 });
  },
  websocket: {
    open(socket) {
      socket.data.child = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
      relay(socket);
    },
    message(socket, message) {
      socket.data.child.stdin.write(`${message}\n`);
      socket.data.child.stdin.flush();
    },
    drain(socket) {
      socket.data.drained?.();
    },
    close(socket) {
      socket.data.child.kill();
      socket.data.drained?.();
    },
  },
});
