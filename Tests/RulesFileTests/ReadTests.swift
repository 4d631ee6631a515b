import Foundation
import Policy
import RulesFile
import Testing

@Suite struct ReadTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "rules-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func write(_ bytes: [UInt8], mode: Int = 0o600) throws -> String {
        let path = folder + "/sre-agent.yaml"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func message(_ path: String) -> String? {
        let error = #expect(throws: RulesFileError.self) { try RulesFile.read(path: path, defaults: Sample.defaults) }
        return error?.description.replacing(folder + "/", with: "")
    }

    @Test func rootsAreResolved() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/real", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/real")
        let path = try write(Array("floor: {operator: {roots: [\(folder)/link/../link/.]}}".utf8))
        let file = try RulesFile.read(path: path, defaults: Sample.defaults)
        #expect(file.floors[.operator].roots == [try #require(RulesFile.directory(folder + "/real"))])

        _ = try write(Array("floor: {operator: {roots: [\(path)]}}".utf8))
        #expect(message(path)?.hasSuffix("is not a directory") == true)
    }

    @Test func whatCannotBeRead() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(message(folder + "/none.yaml") == "none.yaml: cannot be read: No such file or directory")
        #expect(message(folder)?.hasSuffix(": is not a regular file") == true)
        #expect(message(try write([0x61, 0x0A, 0xFF])) == "sre-agent.yaml:2: is not UTF-8")
        #expect(
            message(try write([], mode: 0o602)) == "sre-agent.yaml: is writable by all users; run chmod o-w on it")
        let tooLong = [UInt8](repeating: 0x20, count: RulesFile.maximumSize + 1)
        #expect(message(try write(tooLong)) == "sre-agent.yaml: is larger than 1048576 bytes")
        #expect(
            message(try write(Array("x: y".utf8)))
                == "sre-agent.yaml:1: x: is not known here. Known keys: roles, floor, proxy, rules")
    }
}
