@testable import Agent
import Foundation
import Testing

/// The shell line that codex runs before each tool call. codex makes the call on every failure of the line, except for
/// exit code 2 with text on standard error.
@Suite struct GateCommandTests {
    static let words = "The approval gate of the SRE Agent Server did not answer, so this did not run.\n"

    @Test func aMissingProgramStopsTheCall() throws {
        try Place.with { place in
            let result = try Shell.run(Self.command("\(place.path)/missing", "/s"))
            #expect(result.code == 2)
            #expect(result.error.hasSuffix(Self.words))
            #expect(result.output.isEmpty)
        }
    }

    @Test(arguments: [
        "kill -KILL $$", "kill -SEGV $$", "exit 1", "exit 126", "exit 255", "not-a-program-at-all",
    ])
    func aProgramThatFailsStopsTheCall(_ script: String) throws {
        try Place.with { place in
            let program = try place.program("gate", script)
            let result = try Shell.run(Self.command(program, "/s"))
            #expect(result.code == 2)
            #expect(result.error.contains(Self.words))
        }
    }

    @Test func aFileThatIsNoProgramStopsTheCall() throws {
        try Place.with { place in
            for (name, mode) in [("no-right", 0o644), ("directory", 0o755)] {
                let path = "\(place.path)/\(name)"
                if name == "directory" {
                    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                } else {
                    _ = FileManager.default.createFile(atPath: path, contents: Data("#!/bin/sh\n".utf8))
                    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                }
                let result = try Shell.run(Self.command(path, "/s"))
                #expect(result.code == 2)
                #expect(result.error.hasSuffix(Self.words))
            }
        }
    }

    @Test func theProgramsOwnRefusalIsHeardToo() throws {
        try Place.with { place in
            let program = try place.program("gate", "echo 'The server is not there.' >&2; exit 2")
            let result = try Shell.run(Self.command(program, "/s"))
            #expect(result.code == 2)
            #expect(result.error == "The server is not there.\n" + Self.words)
        }
    }

    @Test func aVerdictPassesAsItIs() throws {
        try Place.with { place in
            let program = try place.program("gate", "cat; printf '%s' \"$#|$1|$2\"")
            let result = try Shell.run(Self.command(program, "/run/gate"), input: "question ")
            #expect(result == Shell.Result(code: 0, output: "question 2|hook|/run/gate", error: ""))
        }
    }

    @Test(arguments: [
        "with space", "it's", "''", "a'b'c", "$(touch marker)", "`touch marker`", "$HOME", "a\"b", "a\\b",
        "a;touch marker",
        "a&b|c>d", "*", "-n", "~", "#", "a\nb", "é😀", "'; touch marker; '", "!x", "%s",
    ])
    func noNameIsReadAsAnythingElse(_ name: String) throws {
        try Place.with { place in
            let program = try place.program(name, "printf '%s' \"$2\"")
            let socket = "\(place.path)/\(name)/socket"
            let result = try Shell.run(Self.command(program, socket), in: place.path)
            #expect(result == Shell.Result(code: 0, output: socket, error: ""))
            #expect(!FileManager.default.fileExists(atPath: "\(place.path)/marker"))
        }
    }

    private static func command(_ program: String, _ socket: String) -> String {
        GateProgram(path: program, socket: socket, suffix: "7f").hookCommand
    }
}
