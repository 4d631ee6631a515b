import Glibc
import Policy
import Testing

/// A forbidden script is never allowed, according to a second reader that shares no code with the first.
@Suite struct HostileScriptsTests {
    /// `COMMAND_CASES` is the number of scripts. Default 50,000, which takes seconds without optimisation.
    private static var cases: Int { getenv("COMMAND_CASES").flatMap { Int(String(cString: $0)) } ?? 50_000 }

    static func rules() throws -> CommandRules {
        try CommandRules([
            CommandRule(
                name: "disk", decision: .allow, programs: ["df"], options: ["-h", "-P"],
                optionsWithValue: ["-t": .oneOf(["ext4"])], operands: .oneOf(["/srv"])),
            CommandRule(
                name: "processes", decision: .allow, programs: ["ps"], options: ["-e", "-f"], operands: .oneOf(["aux"])),
            CommandRule(
                name: "objects", decision: .allow, programs: ["kubectl"], subcommands: ["get pods"],
                optionsWithValue: ["-n": .oneOf(["a*"])]),
            CommandRule(
                name: "logs", decision: .allow, programs: ["kubectl"], subcommands: ["logs"],
                optionsWithValue: ["-n": .oneOf(["a*"])], operands: .oneOf(["web"]), maximumOperands: 1),
            CommandRule(
                name: "filters", decision: .allow, programs: ["grep"], options: ["-i"], operands: .any,
                maximumOperands: 1),
            CommandRule(name: "count", decision: .allow, programs: ["wc"], options: ["-l"]),
            CommandRule(name: "removal", decision: .deny, programs: ["rm"]),
        ])
    }

    @Test func onlyWhatTheRulesNameIsAllowed() throws {
        let rules = try Self.rules()
        var scripts = HostileScripts(seed: 4)
        var allowed = 0
        for _ in 0..<Self.cases {
            let script = scripts.next()
            guard case .allow = rules.verdict(for: script, directory: nil, role: nil) else { continue }
            allowed += 1
            if let fault = Self.fault(in: script) {
                Issue.record("allowed: \(script.debugDescription): \(fault)")
                return
            }
        }
        // A test that sees nothing allowed would prove nothing.
        #expect(allowed > Self.cases / 100)
    }

    /// The part of an allowed script that must not have been allowed. A slow reader that splits words where the first
    /// one joins them. It only needs to know this test's rules.
    static func fault(in script: String) -> String? {
        // Replaces quoted text by letters without meaning to the shell; the rest must be harmless by itself.
        var bare = ""
        var quote: Unicode.Scalar?
        var escaped = false
        for scalar in script.unicodeScalars {
            guard scalar.isASCII, scalar.value >= 32, scalar.value != 127 else { return "not printable ASCII" }
            if let open = quote {
                if scalar == open {
                    quote = nil
                } else if open == "\"", "$`\\!".unicodeScalars.contains(scalar) {
                    return "\(scalar) in quotes"
                } else {
                    bare.unicodeScalars.append(shielded(scalar))
                }
            } else if escaped {
                bare.unicodeScalars.append(shielded(scalar))
                escaped = false
            } else if scalar == "\\" {
                escaped = true
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
                bare += "\u{E000}"
            } else {
                let isSafe =
                    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                    || "_-./:,+@%= ;|&".unicodeScalars.contains(scalar)
                guard isSafe else { return "\(scalar) outside quotes" }
                bare.unicodeScalars.append(scalar)
            }
        }
        if quote != nil || escaped { return "unended" }
        let joined = bare.replacing("&&", with: ";").replacing("||", with: ";").replacing("|", with: ";")
        if joined.contains("&") { return "& alone" }
        var commands = joined.split(separator: ";", omittingEmptySubsequences: false)
        if commands.count > 1, commands.last?.allSatisfy({ $0 == " " }) == true { commands.removeLast() }
        for command in commands {
            let words = command.split(separator: " ").map { String($0.replacing("\u{E000}", with: "")) }
            guard let fault = fault(inWords: words) else { continue }
            return fault
        }
        return nil
    }

    /// Replaces characters with a meaning to the shell. Letters and digits stay, so that quoted words are compared.
    private static func shielded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        return isLetter || scalar == "-" || scalar == "/" ? scalar : Unicode.Scalar(0xE100 + scalar.value) ?? scalar
    }

    private static func fault(inWords words: [String]) -> String? {
        guard let program = words.first else { return "no command" }
        let rest = words.dropFirst()
        if rest.contains(where: { $0.hasPrefix("-ok") || $0.hasPrefix("-exec") }) { return "always asked" }
        /// Whether the word is `-` followed by these letters only.
        func isLetters(_ word: String, _ letters: String) -> Bool {
            word.count > 1 && word.hasPrefix("-") && word.dropFirst().allSatisfy { letters.contains($0) }
        }
        let unknown = rest.filter { word in
            switch program {
            case "df": word != "-t" && word != "ext4" && word != "/srv" && !isLetters(word, "hP")
            case "ps": word != "aux" && !isLetters(word, "ef")
            case "wc": !isLetters(word, "l")
            case "grep": word.hasPrefix("-") && !isLetters(word, "i")
            case "kubectl":
                !["get", "pods", "logs", "web", "-n"].contains(word) && (!word.hasPrefix("a") || word.contains("/"))
            default: true
            }
        }
        if let word = unknown.first { return "\(word) of \(program)" }
        switch program {
        case "df" where rest.filter { $0 == "-t" }.count != rest.filter { $0 == "ext4" }.count:
            return "-t without its value"
        case "grep" where rest.filter { !$0.hasPrefix("-") }.count > 1: return "two operands of grep"
        case "kubectl" where rest.starts(with: ["get", "pods"]) && rest.contains("web"):
            return "web of kubectl get pods"
        case "kubectl" where !rest.starts(with: ["get", "pods"]) && rest.first != "logs": return "another subcommand"
        case "df", "ps", "wc", "grep", "kubectl": return nil
        default: return "the program \(program)"
        }
    }
}
