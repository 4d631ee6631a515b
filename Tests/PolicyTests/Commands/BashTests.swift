import Glibc
import Policy
import Testing

/// Compares our reading of a script with the words that bash passes to each program.
@Suite struct BashTests {
    /// bash runs every script that parses, but each program in it is a function that writes its words to a file. The
    /// directory contains files that a glob, a tilde or a redirection would match or change.
    @Test func bashSeesTheWordsThatWeSee() throws {
        let bash = "/bin/bash"
        try #require(access(bash, X_OK) == 0, "this test needs \(bash)")
        let names: Set<String> = ["df", "ps", "kubectl", "grep", "wc", "a", "b", "web", "pods", "x"]

        var scripts = HostileScripts(seed: 7)
        var texts: [String] = []
        var expected: [[[String]]] = []
        while texts.count < 2_000 {
            let text = scripts.next()
            // Prefers texts with quotes, because readers most likely disagree on quotes.
            guard texts.count % 4 == 0 || text.utf8.contains(where: "\\\"'".utf8.contains) else { continue }
            guard let script = try? ShellScript(parsing: text),
                script.commands.allSatisfy({ names.contains($0.program) })
            else { continue }
            texts.append(text)
            expected.append(Self.commandsThatRun(script).map(\.words))
        }

        let seen = try Self.run(texts, by: bash, programs: names.sorted())
        #expect(seen.count == texts.count)
        for (text, (mine, theirs)) in zip(texts, zip(expected, seen)) {
            // Both sides of a pipe may write in any order.
            let isEqual = mine.map(\.description).sorted() == theirs.map(\.description).sorted()
            #expect(isEqual, "\(text.debugDescription): we see \(mine), bash \(theirs)")
            if !isEqual { return }
        }
    }

    /// The functions all succeed, so bash skips commands after `||`, up to the next `&&` or `;`.
    private static func commandsThatRun(_ script: ShellScript) -> [SimpleCommand] {
        var isRun = true
        return zip([ShellScript.Operator.sequence] + script.operators, script.commands).compactMap { joint, command in
            switch joint {
            case .and, .sequence: isRun = true
            case .or: isRun = false
            case .pipe: break
            }
            return isRun ? command : nil
        }
    }

    /// For each script, the words of the commands that bash ran. Programs outside of `programs` are listed as well.
    private static func run(_ scripts: [String], by bash: String, programs: [String]) throws -> [[[String]]] {
        var template = Array("/tmp/policy-bash-XXXXXX".utf8CString)
        let root = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { _ = try? spawn("/bin/rm", ["-r", root]) }
        mkdir(root + "/work", 0o700)
        for name in ["a b", "-K", "x", "df", "web", "abc"] { try write("", to: "\(root)/work/\(name)") }
        let record = root + "/record"
        let functions =
            programs.map { "\($0)() { record_words \($0) \"$@\"; }" } + [
                "record_words() { builtin printf '%s\\0' $# \"$@\" >>\(record); }",
                "command_not_found_handle() { record_words \"not found\" \"$@\"; }",
            ]
        try write(functions.joined(separator: "\n") + "\n", to: root + "/functions")
        // NUL ends a script, because no script that parses contains NUL.
        try write(scripts.map { $0 + "\0" }.joined(), to: root + "/scripts")
        try write(
            """
            cd \(root)/work
            while IFS= read -r -d '' script; do
              BASH_ENV=\(root)/functions PATH=\(root)/none \(bash) -c "$script" </dev/null >/dev/null 2>&1
              printf 'end\\0' >>\(record)
            done <\(root)/scripts
            """, to: root + "/all")
        #expect(try spawn(bash, ["--norc", root + "/all"]) == 0)
        return try read(record)
    }

    private static func read(_ path: String) throws -> [[[String]]] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        var fields = bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }[...]
        var scripts: [[[String]]] = []
        var commands: [[String]] = []
        while let field = fields.popFirst() {
            if field == "end" {
                scripts.append(commands)
                commands = []
            } else {
                let count = try #require(Int(field))
                commands.append(Array(fields.prefix(count)))
                fields = fields.dropFirst(count)
            }
        }
        return scripts
    }

    private static func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    private static func spawn(_ program: String, _ arguments: [String]) throws -> Int32 {
        var process: pid_t = 0
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        let environment: [UnsafeMutablePointer<CChar>?] = [nil]
        try #require(posix_spawn(&process, program, nil, nil, words, environment) == 0)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { try #require(errno == EINTR) }
        return status
    }
}
