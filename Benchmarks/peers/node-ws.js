// A WebSocket in front of a child process, one message per line, in typical code for Node and the ws package.
// node node-ws.js PORT PROGRAM [ARGUMENT...]
const { spawn } = require("node:child_process");
const readline = require("node:readline");
const { WebSocketServer } = require("ws");

const [port, program, ...rest] = process.argv.slice(2);

new WebSocketServer({ host: "127.0.0.1", port: Number(port) }).on("connection", (socket) => {
  const child = spawn(program, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = readline.createInterface({ input: child.stdout, crlfDelay: Infinity });
  lines.on("line", (line) => socket.send(line));
  socket.on("message", (message) => child.stdin.write(`${message}\n`));
  socket.on("close", () => child.kill());
  child.on("exit", () => socket.close());
  child.stdin.on("error", () => {});
});
