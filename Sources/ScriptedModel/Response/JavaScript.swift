import JSON

/// The programs that a model in code mode sends to the tool `exec`.
///
/// All external text is inserted as a literal, never as program text.
enum JavaScript {
    /// Calls a nested tool and reports its result.
    static func call(_ tool: String, _ argument: JSONValue) -> String {
        "text(await \(expression(tool, argument)));"
    }

    /// Runs all calls concurrently and reports their results in this order. As with current models, the first refused
    /// call ends the program, even if other calls are still running.
    static func parallel(_ calls: [(tool: String, argument: JSONValue)]) -> String {
        let lines = calls.map { "  \(expression($0.tool, $0.argument)),\n" }.joined()
        return "const results = await Promise.all([\n\(lines)]);\nfor (const result of results) text(result);"
    }

    /// A tool's name in JavaScript.
    static func name(of tool: String, namespace: String?) -> String {
        ToolCatalogue.identifier(namespace.map { "\($0)__\(tool)" } ?? tool)
    }

    private static func expression(_ tool: String, _ argument: JSONValue) -> String {
        let access = tool.first?.isNumber == false ? ".\(tool)" : "[\(literal(.string(tool)))]"
        return "tools\(access)(\(literal(argument)))"
    }

    /// JSON is valid JavaScript with two exceptions: line separators, which end a string in older engines, and
    /// `__proto__`, which sets the prototype unless its name is computed.
    static func literal(_ value: JSONValue) -> String {
        switch value {
        case .object(let object):
            let members = object.members.map { key, value in
                let name = literal(.string(key))
                return "\(key == "__proto__" ? "[\(name)]" : name):\(literal(value))"
            }
            return "{\(members.joined(separator: ","))}"
        case .array(let elements):
            return "[\(elements.map(literal).joined(separator: ","))]"
        case .string:
            return String(
                value.description.unicodeScalars.reduce(into: String.UnicodeScalarView()) { result, scalar in
                    switch scalar {
                    case "\u{2028}": result.append(contentsOf: #"\u2028"#.unicodeScalars)
                    case "\u{2029}": result.append(contentsOf: #"\u2029"#.unicodeScalars)
                    default: result.append(scalar)
                    }
                })
        default:
            return value.description
        }
    }
}
