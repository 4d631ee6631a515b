// The page's code conventions, checked on the files themselves.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../Sources/Page/Web", import.meta.url));

/** @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [relative(ROOT, path)];
  });
}

const files = filesBelow(ROOT);
const read = (name) => readFileSync(join(ROOT, name), "utf8");
const scripts = files.filter((name) => name.endsWith(".js"));
const html = read("index.html");

test("no markup from strings, no code from strings", () => {
  for (const name of scripts) {
    const code = read(name).replaceAll(/const FORBIDDEN = .*/g, "");
    assert.doesNotMatch(code, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function|setHTML/, name);
    assert.doesNotMatch(code, /setAttribute\(\s*["'](style|on)/, name);
  }
  assert.doesNotMatch(html, /\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)/);
});

test("nothing comes from elsewhere", () => {
  for (const name of files.filter((file) => /\.(css|html|svg|webmanifest)$/.test(file))) {
    assert.doesNotMatch(read(name).replaceAll("http://www.w3.org/2000/svg", ""), /https?:|url\(|@import|\/\/[a-z]/, name);
  }
  for (const name of scripts) {
    for (const [, path] of read(name).matchAll(/(?:from |import\()"([^"]+)"/g)) assert.match(path, /^\.\.?\//, `${name}: ${path}`);
  }
});

test("every import exists, and every module is loaded at once", () => {
  const imported = new Set();
  for (const name of scripts) {
    for (const [, path] of read(name).matchAll(/from "([^"]+)"/g)) imported.add(relative(ROOT, join(ROOT, name, "..", path)));
  }
  for (const name of imported) assert.ok(files.includes(name), name);
  const preloaded = [...html.matchAll(/modulepreload" href="page\/([^"]+)"/g)].map((match) => match[1]);
  assert.deepEqual(preloaded.sort(), [...imported].sort());
});

test("what the page refers to is there", () => {
  for (const [, path] of html.matchAll(/(?:href|src)="page\/([^"]+)"/g)) assert.ok(files.includes(path), path);
  for (const icon of JSON.parse(read("app.webmanifest")).icons) assert.ok(files.includes(icon.src), icon.src);
});

test("modules stay small enough to read", () => {
  for (const name of scripts) assert.ok(read(name).split("\n").length <= 260, name);
});
