import JSON

/// Reads the members of one object of a script and reports the members that were never read: a misspelt member must
/// be an error, not a step that does something else.
struct MemberReader {
    private let object: JSONObject
    private var unread: Set<String>

    init(_ value: JSONValue, in place: String) throws(ScriptError) {
        guard let object = value.objectValue else { throw ScriptError("\(place) is not an object") }
        self.object = object
        unread = Set(object.keys)
    }

    func has(_ key: String) -> Bool { object[key] != nil }

    mutating func value(_ key: String) -> JSONValue? {
        unread.remove(key)
        return object[key]
    }

    mutating func string(_ key: String) throws(ScriptError) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.stringValue else { throw ScriptError("`\(key)` is not a string") }
        return text
    }

    mutating func requiredString(_ key: String) throws(ScriptError) -> String {
        guard let text = try string(key) else { throw ScriptError("`\(key)` is missing") }
        return text
    }

    mutating func flag(_ key: String) throws(ScriptError) -> Bool {
        guard let value = value(key) else { return false }
        guard let flag = value.boolValue else { throw ScriptError("`\(key)` is neither true nor false") }
        return flag
    }

    mutating func int(_ key: String, in range: ClosedRange<Int>) throws(ScriptError) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.intValue, let int = Int(exactly: number), range.contains(int) else {
            throw ScriptError("`\(key)` is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return int
    }

    mutating func object(_ key: String) throws(ScriptError) -> JSONObject? {
        guard let value = value(key) else { return nil }
        guard let object = value.objectValue else { throw ScriptError("`\(key)` is not an object") }
        return object
    }

    func finish() throws(ScriptError) {
        guard let name = unread.min() else { return }
        throw ScriptError("unknown member `\(name)`")
    }
}
