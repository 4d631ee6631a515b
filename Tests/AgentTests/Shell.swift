import Foundation

/// Runs a command as codex runs its hooks.
enum Shell {
    struct Result: Equatable {
        let code: Int32
        let output: String
        let error: String
    }

    static func run(_ command: String, input: String = "", in directory: String = "/") throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        let (standardInput, output, error) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = error
        try process.run()
        try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let (said, complained) = (
            output.fileHandleForReading.readDataToEndOfFile(), error.fileHandleForReading.readDataToEndOfFile()
        )
        process.waitUntilExit()
        return Result(
            code: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
            error: String(decoding: complained, as: UTF8.self))
    }
}

/// A temporary directory for one test.
struct Place {
    let path: String

    /// The directory exists while `body` runs.
    static func with(_ body: (Place) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("sre-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(Place(path: url.path))
    }

    /// Writes an executable shell script; returns its path.
    func program(_ name: String, _ script: String) throws -> String {
        let file = "\(path)/\(name)"
        // Another process writes the file. If this process had it open for writing, a process that another test starts
        // at this moment would inherit the descriptor, and the script could not be executed ("Text file busy").
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/sh")
        writer.arguments = ["-c", #"printf '%s' "$2" > "$1" && chmod 755 "$1""#, "sh", file, "#!/bin/sh\n\(script)\n"]
        try writer.run()
        writer.waitUntilExit()
        guard writer.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
        return file
    }
}
