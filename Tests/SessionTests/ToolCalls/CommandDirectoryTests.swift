import JSON
@testable import Session
import Testing

/// The directory in which a command will run, from codex's transcript. The server never shows a guess.
@Suite struct CommandDirectoryTests {
    @Test(arguments: [
        (#"{"cmd":"ls"}"#, "/w"), (#"{"cmd":"ls","workdir":null}"#, "/w"), (#"{"cmd":"ls","workdir":"/etc"}"#, "/etc"),
        (#"{"cmd":"ls","workdir":"sub"}"#, "/w/sub"), (#"{"cmd":"ls","workdir":"./a/../b/"}"#, "/w/b"),
        (#"{"cmd":"ls","workdir":"../.."}"#, "/"), (#"{"cmd":"ls","workdir":""}"#, "/w"),
        (#"{"cmd":"ls","\u0077orkdir":"/etc"}"#, "/etc"), (#"{"cmd":"ls","workdir":"/a b'\"/😀"}"#, "/a b'\"/😀"),
    ])
    func aClassicCallSaysIt(_ arguments: String, _ directory: String) {
        #expect(Self.directory([Self.call(arguments)], item: "call-1") == .known(directory))
    }

    @Test(arguments: [
        #"{"cmd":"ls","workdir":7}"#, #"{"cmd":"ls","workdir":["/etc"]}"#, "not JSON", "",
        #"{"workdir":"/w","workdir":"/etc"}"#,
    ])
    func whatCannotBeReadIsUnknown(_ arguments: String) {
        #expect(Self.directory([Self.call(arguments)], item: "call-1") == .unknown)
    }

    @Test func aCallThatIsNotInTheTranscriptIsUnknown() {
        #expect(Self.directory([], item: "call-1") == .unknown)
        #expect(Self.directory([Self.call(#"{"cmd":"ls"}"#)], item: "call-2") == .unknown)
        #expect(Self.directory([], item: "exec-1") == .unknown)
    }

    @Test(arguments: [
        (#"const r = await tools.exec_command({cmd:"ls"}); text(r);"#, "/w"),
        (#"const r = await tools.exec_command({cmd:"ls",workdir:"/etc"}); text(r);"#, "/etc"),
        (#"await tools.exec_command({"cmd":"ls", "workdir" : "sub" })"#, "/w/sub"),
        (#"await tools.exec_command({workdir:"/etc",cmd:"ls"})"#, "/etc"),
        (#"const df = await tools.exec_command({cmd:"ls"}); text("it said " + df.output);"#, "/w"),
        (
            #"const results = await Promise.all([tools.exec_command({cmd:"a"}), tools.exec_command({cmd:"ls"})]);"#
                + "\nfor (const r of results) text(JSON.stringify(r));", "/w"
        ),
        (#"const a = await Promise.all([tools.exec_command({cmd:"ls"})]); text('tools[0]');"#, "/w"),
    ])
    func aPlainScriptSaysIt(_ script: String, _ directory: String) {
        #expect(Self.directory([Self.script(script)]) == .known(directory))
    }

    /// Text after the string literal changes its value.
    @Test(arguments: [
        #"workdir:"/w"+"/../etc""#, #"workdir:"/w" + x"#, #"workdir:"/w".replace("w","etc")"#,
        #"workdir:"/w"?"/etc":"""#,
        #"workdir:"/w"&&"/etc""#, #"workdir:"/w"[0]"#, "workdir:`/etc`", "workdir:'/etc'", "workdir:x", "workdir",
        #"workdir:("/etc")"#,
        #"workdir:"/\145tc""#, #"workdir:"/w","workdir":"/etc""#, #"workdir/**/:"/etc""#, #"workdir:/**/"/etc""#,
    ])
    func aDirectoryThatIsComputedIsUnknown(_ member: String) {
        #expect(Self.directory([Self.script("await tools.exec_command({cmd:\"ls\",\(member)})")]) == .unknown)
    }

    /// A script can build the name without spelling it out.
    @Test(arguments: [
        #"await tools.exec_command({cmd:"ls",["work"+"dir"]:"/etc"})"#,
        #"await tools.exec_command({cmd:"ls",[`${"work"}dir`]:"/etc"})"#,
        #"await tools.exec_command({cmd:"ls","w\157rkdir":"/etc"})"#,
        #"await tools.exec_command({cmd:"ls","w\u006frkdir":"/etc"})"#,
        #"await tools.exec_command({cmd:"ls","w\x6frkdir":"/etc"})"#, #"await tools.exec_command({cmd:"ls",...o})"#,
        #"await tools.exec_command(o)"#, #"const e = tools.exec_command; await e(o)"#,
        #"await tools["exec"+"_command"](o)"#,
        #"await tools.exec_command(JSON.parse(atob(x)))"#,
        #"await tools.exec_command(Object.fromEntries([["cmd","ls"],p]))"#,
        #"await Reflect.apply(tools.exec_command, tools, [o])"#, "eval(x)",
        "await tools.exec_command({cmd:\"ls\",\"work\\\ndir\":\"/etc\"})",
    ])
    func aNameThatIsComputedIsUnknown(_ script: String) {
        #expect(Self.directory([Self.script(script)]) == .unknown)
    }

    @Test(arguments: [
        #"// workdir: "/w""#, #"/* workdir: "/w", */"#, #"text('workdir:"/w"');"#, #"const x = {workdir:"/w"};"#,
    ])
    func aDirectoryThatStandsElsewhereInTheScriptIsNotBelieved(_ decoy: String) {
        let script = "\(decoy)\nawait tools.exec_command({cmd:\"ls\",[k]:\"/etc\"})"
        #expect(Self.directory([Self.script(script)]) == .unknown)
    }

    /// A harmless call first, followed by an indirect call of the same tool.
    @Test(arguments: [
        #"const f = (()=>{})["const"+"ructor"]; await f("return to"+"ols")()["exec"+"_command"](o)"#,
        #"await (function(){return this})()["to"+"ols"]["exec"+"_command"](o)"#,
        #"await self["to"+"ols"]["exec"+"_command"](o)"#,
        "for (const d of Object.values(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(()=>0)))) d.value(x)",
        "await tools.exec_command(o)", "const t = tools; await t.exec_command(o)", "const {exec_command: e} = tools",
        "for (const eval of []) text(eval);\neval('tools' + x)", "let\neval('x')", "text.constructor('x')()",
        "const constructor = 1; text.constructor('x')()", "text['constructor']('x')", #"text("\u0061")"#,
        "text(`${x}`)",
    ])
    func aScriptThatMayDoMoreThanItSaysIsUnknown(_ rest: String) {
        let script = "await tools.exec_command({cmd:\"ls\"});\n\(rest)"
        #expect(Self.directory([Self.script(script)]) == .unknown)
    }

    @Test func aScriptThatIsOverCountsNoMore() {
        let over = [
            Self.script(#"await tools.exec_command({cmd:"a",workdir:"/etc"})"#, id: "s1"),
            Self.output("Script completed", id: "s1"),
        ]
        let plain = Self.script(#"await tools.exec_command({cmd:"ls"})"#, id: "s2")
        #expect(Self.directory(over + [plain]) == .known("/w"))
        #expect(Self.directory(over) == .unknown)
    }

    @Test func oneThatStillRunsCounts() {
        let running = [
            Self.script(#"await tools.exec_command({cmd:"ls",workdir:"/etc"})"#, id: "s1"),
            Self.output("Script running with cell ID 1", id: "s1"),
        ]
        #expect(Self.directory(running + [Self.script(#"await tools.exec_command({cmd:"ls"})"#, id: "s2")]) == .unknown)
    }

    @Test func aCommandOfAnotherTextIsNotMeant() {
        let script = Self.script(
            #"await tools.exec_command({cmd:"a",workdir:"/etc"}); await tools.exec_command({cmd:"ls"})"#)
        #expect(Self.directory([script]) == .known("/w"))
        #expect(Self.directory([Self.script(#"await tools.exec_command({cmd:"l"+"s"})"#)]) == .unknown)
    }

    private static func directory(_ transcript: [JSONValue], item: String = "exec-1") -> CommandDirectory {
        var input = HookInput.command("ls", item: item)
        input.complete(from: transcript)
        return input.directory
    }

    private static func call(_ arguments: String) -> JSONValue {
        line(["type": "function_call", "name": "exec_command", "call_id": "call-1", "arguments": .string(arguments)])
    }

    private static func script(_ source: String, id: String = "s1") -> JSONValue {
        line(["type": "custom_tool_call", "name": "exec", "call_id": .string(id), "input": .string(source)])
    }

    private static func output(_ text: String, id: String) -> JSONValue {
        line([
            "type": "custom_tool_call_output", "call_id": .string(id),
            "output": [["type": "input_text", "text": .string(text)]],
        ])
    }

    private static func line(_ payload: JSONValue) -> JSONValue { ["type": "response_item", "payload": payload] }
}
