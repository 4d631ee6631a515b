/// Swift treats canonically equivalent strings as equal: `é` as one scalar and as two, a Greek question mark and a
/// semicolon. JSON (RFC 8259 section 8.3) and shells do not, so names and texts are compared by their bytes.
extension String {
    public func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Hasher {
    mutating func combineIdentity(of text: String) {
        for byte in text.utf8 { combine(byte) }
        combine(0xFF as UInt8)
    }
}

extension JSONValue: Hashable {
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isIdentical(to: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let text): hasher.combineIdentity(of: text)
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}
