import Session
import Testing

/// The error texts are codex 0.163's own.
@Suite struct ConfigurationFaultTests {
    @Test(
        arguments: [
            (
                #"/h/config.toml:2:23: invalid basic string, expected `"`"#,
                #"/h/config.toml, line 2, column 23: invalid basic string, expected `"`"#
            ),
            (
                "failed to reload config: /a dir/b:c/config.toml:3:11: invalid type: integer `5`, expected a string",
                "/a dir/b:c/config.toml, line 3, column 11: invalid type: integer `…`, expected a string"
            ),
            (
                "Invalid configuration; using defaults. Failed to read config file /h/config.toml: path `/h/config.toml` is not a file",
                "/h/config.toml: it cannot be read: path `/h/config.toml` is not a file"
            ),
            (
                "failed to load configuration: Error parsing project config file /w/.codex/config.toml: TOML parse error at line 1, column 14\n  |\n1 | model = \"open\n  |              ^\ninvalid basic string, expected `\"`\n",
                #"/w/.codex/config.toml, line 1, column 14: invalid basic string, expected `"`"#
            ),
            (
                "Ignoring malformed agent role definition: failed to parse agent role file at /h/agents/a.toml: TOML parse error at line 12, column 13\n   |\n12 | name = \"open\n   |             ^\nunclosed\n",
                "/h/agents/a.toml, line 12, column 13: unclosed"
            ),
            (
                "failed to parse hooks config /h/hooks.json: EOF while parsing a value at line 1 column 11",
                "/h/hooks.json, line 1, column 11: EOF while parsing a value"
            ),
            ("failed to load configuration: Model provider `nosuch` not found", "Model provider `…` not found"),
            (
                "legacy `profile = \"nosuch\"` config is no longer supported; use `--profile nosuch` with `nosuch.config.toml` instead.",
                "legacy `profile = …` config is no longer supported; use `…` with `…` instead"
            ),
            ("`sandbox_mod` is ignored", "`sandbox_mod` is ignored"),
            (
                "invalid configuration: unknown variant `sometimes`, expected one of `a`, `b`\nin `approval_policy`\n",
                "unknown variant `…`, expected one of `a`, `b` in `approval_policy`"
            ),
            ("", ""),
        ])
    func itSaysTheFileTheLineAndTheMessage(_ text: String, _ words: String) {
        #expect(ConfigurationFault(text).description == words)
    }

    @Test(arguments: [
        #"/h/config.toml:3:8: invalid type: string "hunter2 \" hunter2", expected a sequence"#,
        "/h/config.toml:3:8: unknown variant `Hunter2-hunter2`, expected `a`",
        "/h/config.toml:3:8: unknown variant `hunter`, expected `a`",
        "/h/config.toml:3:8: invalid type: integer `4815162342`, expected a string",
        "/h/config.toml:3:8: invalid type: floating point `4815162342.5`, expected a string",
        "Model provider `Hunter2Zq9` not found",
        "legacy `profile = \"Hunter2Zq9\"` config is no longer supported; use `--profile Hunter2Zq9` with `Hunter2Zq9.config.toml`",
        "/h/config.toml:3:8: unknown variant `sk-hunter2hunter2hunter2hunter2`, expected `a`",
        "Error parsing project config file /w/c.toml: TOML parse error at line 3, column 8\n  |\n3 | key = hunter2\n  |       ^^^^^^^\ninvalid",
        "cannot use https://me:hunter2@example.com/v1: refused",
    ])
    func whatTheFileSaysIsNotRepeated(_ text: String) {
        let fault = ConfigurationFault(text)
        #expect(!fault.sentence.contains("unter") && !fault.sentence.contains("4815162342"), "\(fault.sentence)")
        #expect(fault.sentence.contains("…") || fault.line == 3)
    }

    @Test func theSentenceSaysWhatToDo() {
        #expect(
            ConfigurationFault("/h/config.toml:2:23: unclosed table").sentence
                == "codex cannot use its configuration: /h/config.toml, line 2, column 23: unclosed table. "
                + "Fix the file; the server then recovers on its own.")
        #expect(
            ConfigurationFault("no such provider.").sentence.hasSuffix(
                "no such provider. Fix codex's configuration; the server then recovers on its own."))
    }

    @Test func aMessageStaysShort() {
        #expect(ConfigurationFault(String(repeating: "long ", count: 10_000)).description.count < 600)
    }
}
