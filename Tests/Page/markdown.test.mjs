import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBlocks } from "../../Sources/Page/Web/markdown/blocks.js";
import { parseInline, safeAddress } from "../../Sources/Page/Web/markdown/inline.js";
import { renderBlocks } from "../../Sources/Page/Web/markdown/render.js";
import { elementsOf, installDocument } from "./support/document.mjs";
import { assertLinear } from "./support/growth.mjs";

installDocument();

const TAGS = new Set(["H2", "H3", "H4", "P", "A", "CODE", "PRE", "STRONG", "EM", "S", "BLOCKQUOTE", "UL", "OL", "LI", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "HR", "DIV", "SPAN"]);

/** Renders a text and checks every tag, attribute and URL in the result. */
function render(source) {
  const nodes = renderBlocks(parseBlocks(source));
  for (const element of elementsOf(nodes)) {
    assert.ok(TAGS.has(element.tagName), element.tagName);
    for (const name of Object.keys(element)) assert.ok(!/^on/.test(name), name);
    if (element.href !== undefined) assert.match(element.href, /^https?:\/\//);
  }
  return { nodes, text: nodes.map((node) => node.textContent).join("\n"), tags: elementsOf(nodes).map((element) => element.tagName.toLowerCase()) };
}

const links = (nodes) => elementsOf(nodes).filter((element) => element.tagName === "A").map((element) => element.href);

test("headings, paragraphs and rules", () => {
  assert.deepEqual(render("# A\n\ntext\nmore\n\n---\n###### B ##").tags, ["h2", "p", "hr", "h4"]);
  assert.equal(render("#not a heading").tags[0], "p");
  assert.equal(render("text\nmore").text, "text\nmore");
});

test("lists, nested, ordered from their number, with tasks", () => {
  const { tags, text } = render("1. one\n2. two\n   - deep\n   - deeper\n\n3. three\n\n- [x] done\n- [ ] open");
  assert.deepEqual(tags.filter((tag) => tag === "ol" || tag === "ul"), ["ol", "ul", "ul"]);
  assert.match(text, /☑ done/);
  assert.equal(parseBlocks("7. x")[0].start, 7);
  assert.equal(parseBlocks("- a\n- b\n\n- c")[0].items.length, 3);
});

test("code blocks hold anything, closed or not", () => {
  assert.deepEqual(parseBlocks("```sh\nls <b>\n# no heading\n```\nafter")[0], { type: "code", language: "sh", text: "ls <b>\n# no heading" });
  assert.deepEqual(parseBlocks("```\nnever closed")[0], { type: "code", language: "", text: "never closed" });
  assert.equal(parseBlocks("~~~~\n```\n~~~~")[0].text, "```");
  assert.equal(parseBlocks("- item\n  ```\n  code\n  ```")[0].items[0].blocks[1].text, "code");
});

test("tables with alignment, code with bars, and short rows", () => {
  const [table] = parseBlocks("| a | b |\n|:--|--:|\n| `x|y` | 1 |\n| only |");
  assert.deepEqual(table.align, ["left", "right"]);
  assert.deepEqual(table.rows[0][0], [{ type: "code", text: "x|y" }]);
  assert.deepEqual(table.rows[1][1], []);
  assert.equal(parseBlocks("a | b\nno table")[0].type, "paragraph");
});

test("emphasis, code and strike", () => {
  assert.deepEqual(parseInline("**a** *b* ~~c~~ `d` ***e***"), [
    { type: "strong", children: [{ type: "text", text: "a" }] }, { type: "text", text: " " },
    { type: "em", children: [{ type: "text", text: "b" }] }, { type: "text", text: " " },
    { type: "strike", children: [{ type: "text", text: "c" }] }, { type: "text", text: " " },
    { type: "code", text: "d" }, { type: "text", text: " " },
    { type: "strong", children: [{ type: "em", children: [{ type: "text", text: "e" }] }] },
  ]);
});

test("names with underscores and lone stars stay as they are", () => {
  for (const text of ["snake_case_name", "__init__.py", "2 * 3 * 4", "*.log and *.txt", "a ** b", "**open", "x_", "~home", "`tick"]) {
    assert.equal(parseInline(text).map((node) => node.text ?? node.children.map((child) => child.text).join("")).join("").length, text.length - (/^__init__/.test(text) ? 4 : 0), text);
  }
  assert.deepEqual(parseInline("snake_case_name"), [{ type: "text", text: "snake_case_name" }]);
});

test("backslashes take the meaning from a mark", () => {
  assert.deepEqual(parseInline("\\*not\\* \\`x\\` \\[y]"), [{ type: "text", text: "*not* `x` [y]" }]);
});

test("links lead to the web and nowhere else", () => {
  assert.deepEqual(links(render("[a](https://example.com/x) https://b.example/y. <http://c.example>").nodes),
    ["https://example.com/x", "https://b.example/y", "http://c.example/"]);
  assert.deepEqual(links(render("[w](https://en.wikipedia.org/wiki/Disk_(computing))").nodes), ["https://en.wikipedia.org/wiki/Disk_(computing)"]);
});

const HOSTILE_LINKS = [
  "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x]( javascript:alert(1))", "[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)", "[x](vbscript:x)", "[x](file:///etc/passwd)", "[x](//evil.example)", "[x](\\\\evil)", "[x](blob:https://a/b)",
  "<javascript:alert(1)>", "[x](https://good.example@evil.example/)", "[x](https://user:pw@evil.example)", "![x](javascript:alert(1))", "[x](ftp://a)", "[x](\u0001javascript:alert(1))",
];

for (const source of HOSTILE_LINKS) {
  test(`no link: ${JSON.stringify(source)}`, () => {
    const { nodes, text } = render(source);
    assert.deepEqual(links(nodes), []);
    assert.ok(text.length > 0);
  });
}

test("an image is a link at most: nothing is loaded", () => {
  const { tags } = render("![pixel](https://evil.example/p.gif)");
  assert.ok(!tags.includes("img"));
});

test("a label cannot hide where its link leads", () => {
  assert.match(render("[https://bank.example](https://evil.example/x)").text, /\(evil\.example\)/);
  assert.match(render("[see bank.example/?evil.example](https://evil.example/x)").text, /\(evil\.example\)/);
  assert.deepEqual(links(render("[a [b](https://inner.example) c](https://outer.example)").nodes).length, 1);
});

test("HTML is text", () => {
  for (const source of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>x</b>", "<!-- c -->", "&lt;b&gt;", "<svg/onload=alert(1)>", "# <iframe src=x>", "| <u>a</u> | b |\n|--|--|\n| <s>c</s> | d |", "[<img src=x onerror=y>](https://a.example)", "`<b>`", "```<x>\n<script>\n```"]) {
    const { text, tags } = render(source);
    for (const tag of ["script", "img", "b", "iframe", "svg", "u"]) assert.ok(!tags.includes(tag), source);
    assert.ok(text.includes("<") || source.includes("&lt;"), source);
  }
});

test("hidden characters in an answer are shown", () => {
  assert.match(render("all \u202eclear\u202c and `rm\u00a0-rf`").text, /all \\u202Eclear\\u202C and rm\\xA0-rf/);
});

test("prototype names are no language, no tag and no link", () => {
  assert.equal(render("```__proto__\nx\n```").tags[0], "div");
  assert.equal(render("[constructor](toString)").text, "[constructor](toString)");
});

test("nothing of the text is lost in nonsense", () => {
  for (const source of ["**[*`~~", "[[[[", "]]]](", "*a **b* c**", "[a](b", "`` ` ``` x", "***a*", "| a |\n|", "> > > x", "- - - x", "1. \n2. ", "\\", "*", "![", "_a*b_c*"]) {
    const { text } = render(source);
    for (const letter of source.match(/[a-z]/g) ?? []) assert.ok(text.includes(letter), source);
  }
});

test("nesting has an end", () => {
  assert.ok(render(`${"> ".repeat(500)}x`).text.includes("x"));
  assert.ok(render(Array.from({ length: 300 }, (_, depth) => `${"  ".repeat(depth)}- x`).join("\n")).text.includes("x"));
  assert.ok(render(`${"*a **b ".repeat(200)}x${" b** a*".repeat(200)}`).text.includes("x"));
  assert.ok(render(`${"[".repeat(3000)}x${"](https://a.example)".repeat(3000)}`).text.includes("x"));
});

/** @type {Record<string, [number, (count: number) => string]>} */
const HUGE = {
  stars: [60_000, (count) => "*a ".repeat(count)],
  brackets: [100_000, (count) => "[".repeat(count)],
  links: [40_000, (count) => "[a](".repeat(count)],
  closing: [60_000, (count) => "](".repeat(count)],
  ticks: [150_000, (count) => "`".repeat(count)],
  mixed: [20_000, (count) => "`a``b```".repeat(count)],
  underscores: [60_000, (count) => "_a_".repeat(count)],
  bars: [50_000, (count) => `|${"a|".repeat(count)}\n|${"-|".repeat(count)}`],
  spaces: [150_000, (count) => `# ${" ".repeat(count)}x`],
  dashes: [150_000, (count) => `a|b\n-${" ".repeat(count)}x`],
  fence: [150_000, (count) => `\`\`\`${" ".repeat(count)}\``],
  address: [150_000, (count) => `https://${")".repeat(count)}a`],
  quotes: [150_000, (count) => ">".repeat(count)],
  lines: [50_000, (count) => "- x\n".repeat(count)],
  tildes: [50_000, (count) => "~~a".repeat(count)],
  words: [40_000, (count) => "word ".repeat(count)],
};

for (const [name, [most, make]] of Object.entries(HUGE)) {
  test(`huge input is parsed in good time: ${name}`, () => assertLinear(make, parseBlocks, most));
}

test("safeAddress normalises and refuses", () => {
  assert.equal(safeAddress("HTTPS://Example.COM"), "https://example.com/");
  assert.equal(safeAddress("https://exаmple.com"), "https://xn--exmple-4nf.com/");
  assert.equal(safeAddress("https://"), null);
  assert.equal(safeAddress(`https://a.example/${"x".repeat(3000)}`), null);
});
