// QR codes, held against those of another encoder: python-qrcode 8, level M, byte mode.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { qrOf } from "../../Sources/Page/Web/text/qr.js";

const rowsOf = (modules) => modules.map((row) => row.map(Number).join(""));
const LINK = "https://agent.example/ops/#ticket=aB3_-xY9z&at=%23%2Fthreads%2F01a22f82-c80b-7502-bf42-4ad94e5da508 ü";

/** The first bytes of the link, again and again. */
function textOf(length) {
  const bytes = new TextEncoder().encode(LINK.repeat(10)).slice(0, length);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `${new TextDecoder().decode(bytes.slice(0, -1))}.`;
  }
}

/** Length in bytes, mask, version, SHA-256 of the rows. */
const KNOWN = [
  [1, 0, 1, "1391567a70f543125a12de8a6e6c60d68a81102b5513c04b000a2c5b6c3a677d"],
  [14, 1, 1, "72784a999213e1a1b24829ea4ee67dc2977d517df50c39060f3635ddab4339c2"],
  [15, 2, 2, "a23c67e0701b7c02bf485349f3f42dc0b9cb951e53e4f91c517a89ebc9b9f1dd"],
  [60, 3, 4, "d894392bc3c496ee11530a938bb5b52b3e8da914cbb848f10d02a1baccd7a56d"],
  [100, 4, 6, "bc498d1463b7f4685aa16ba33fe8549b072c47399e6072926238d4b6d4ed4faa"],
  [122, 5, 7, "d2dd5eee92a8c78cde79825024efb8fb4f8720eb9a8a5dfdc9b915bd52fb6276"],
  [181, 6, 10, "20fa888a1be94342752f7f209cf5d7d7589706401d0fd5cded53f40df57eddc0"],
  [214, 7, 11, "35bdf59fac3a1266170f9ffffb1ad3dc43de3e4087016924a2f498160588f8ba"],
  [300, 0, 13, "6d425412e7031788f99bbb2e94c4c952460fb6e4d33deeee10e3c6bd9a871f4b"],
  [412, 3, 15, "118131b64fae9dcfb82ba999ac9e18ecfb4236037fb7cad189e85866030634f8"],
];

test("a small code, module by module", () => {
  assert.deepEqual(rowsOf(qrOf("https://agent.", 1)), [
    "111111101001101111111",
    "100000100011001000001",
    "101110101101001011101",
    "101110100100001011101",
    "101110100001101011101",
    "100000101000001000001",
    "111111101010101111111",
    "000000000110100000000",
    "101000110000000100101",
    "111010011010111011011",
    "101101101101100111101",
    "010000001010010111000",
    "011000111000110000010",
    "000000001001100011001",
    "111111101110101111101",
    "100000100000110011001",
    "101110100110010100000",
    "101110100100110110000",
    "101110101000100111111",
    "100000100101010111000",
    "111111101010110110001",
  ]);
});

test("codes of all kinds of versions and all masks", () => {
  for (const [length, mask, version, hash] of KNOWN) {
    const rows = rowsOf(qrOf(textOf(length), mask));
    assert.equal(rows.length, 17 + 4 * version);
    assert.equal(createHash("sha256").update(rows.join("\n")).digest("hex"), hash, `${length} bytes, mask ${mask}`);
  }
});

test("without a mask it takes one of the eight", () => {
  const own = rowsOf(qrOf(LINK)).join("\n");
  assert.ok([0, 1, 2, 3, 4, 5, 6, 7].some((mask) => rowsOf(qrOf(LINK, mask)).join("\n") === own));
});

test("a text that is too long has none", () => {
  assert.ok(qrOf("x".repeat(412)));
  assert.equal(qrOf("x".repeat(413)), null);
});
