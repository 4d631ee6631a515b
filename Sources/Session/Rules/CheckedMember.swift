import JSON
import JSONRPC
import Policy

/// A member whose values are checked in each call.
///
/// codex also accepts a list in place of an object, by member order, and a number in place of a case name. Only an
/// attacker has a reason to write that, so each step of the path must have the form that the schema defines.
struct CheckedMember: Sendable {
    private enum Step: Sendable {
        case member(String)
        case each
        case variant(String, of: Set<String>)
    }

    /// Spelled as in ``PathMembers/Rows``.
    let name: String
    private let kind: PathMembers.Kind
    private let steps: [Step]
    /// The unions on the path, spelled as in ``PathMembers/cases``.
    let unions: [String]

    /// `path` is spelled as in ``PathMembers/Rows``.
    init(_ path: String, _ kind: PathMembers.Kind) {
        (name, self.kind) = (path, kind)
        var steps: [Step] = []
        var unions: [String] = []
        var read = ""
        for part in path.split(separator: ".") {
            let name = part.prefix { $0 != "[" && $0 != "<" }
            steps.append(.member(String(name)))
            read += (read.isEmpty ? "" : ".") + name
            if part.dropFirst(name.count).hasPrefix("[]") {
                steps.append(.each)
                read += "[]"
            }
            guard part.hasSuffix(">"), let start = part.firstIndex(of: "<") else { continue }
            let tag = String(part[part.index(after: start)...].dropLast())
            steps.append(.variant(tag, of: PathMembers.cases[read] ?? []))
            unions.append(read)
        }
        self.steps = steps
        self.unions = unions
    }

    /// The context of the call whose members are checked.
    struct Call {
        let method: String
        let principal: Principal
        let policy: ServerPolicy
    }

    /// Counts the values, in params whose form matches the schema.
    func count(in params: JSONValue) -> Int { count(params, steps[...]) }

    private func count(_ value: JSONValue, _ steps: ArraySlice<Step>) -> Int {
        switch steps.first {
        case nil: 1
        case .member(let key): value[key].map { count($0, steps.dropFirst()) } ?? 0
        case .each: value.arrayValue?.reduce(0) { $0 + count($1, steps.dropFirst()) } ?? 0
        case .variant(let tag, _): value["type"]?.stringValue == tag ? count(value, steps.dropFirst()) : 0
        }
    }

    func check(in params: JSONValue, of call: Call) throws(ErrorReply) {
        try check(params, steps[...], "", call)
    }

    private func check(_ value: JSONValue, _ steps: ArraySlice<Step>, _ name: String, _ call: Call)
        throws(ErrorReply)
    {
        func wrong(_ what: String) -> ErrorReply {
            ErrorReply(.invalidParams, "\(call.method): \(name.isEmpty ? "params" : name) is not \(what).")
        }
        switch steps.first {
        case nil:
            guard let text = value.stringValue else { throw wrong("a string") }
            try check(text, name, call)
        case .member(let key):
            guard let object = value.objectValue else { throw wrong("an object") }
            guard let inner = object[key], !inner.isNull else { return }
            try check(inner, steps.dropFirst(), name.isEmpty ? key : "\(name).\(key)", call)
        case .each:
            guard let elements = value.arrayValue else { throw wrong("a list") }
            for (index, element) in elements.enumerated() {
                try check(element, steps.dropFirst(), "\(name)[\(index)]", call)
            }
        case .variant(let tag, let known):
            guard let object = value.objectValue else { throw wrong("an object") }
            guard let type = object["type"]?.stringValue, known.contains(type) else {
                guard call.principal.role < .admin else { return }
                let type = object["type"] ?? .null
                throw call.policy.refusal("\(call.method): \(name).type \(type) is not known here", call.principal)
            }
            if type == tag { try check(value, steps.dropFirst(), name, call) }
        }
    }

    private func check(_ text: String, _ name: String, _ call: Call) throws(ErrorReply) {
        let name = "\(call.method): \(name)"
        guard kind == .revision else { return try call.policy.check(text, kind, named: name, for: call.principal) }
        guard !text.hasPrefix("-") else {
            throw call.policy.refusal("\(name) \"\(text)\" looks like a git option", call.principal)
        }
    }
}
