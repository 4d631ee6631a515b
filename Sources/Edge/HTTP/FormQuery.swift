import HummingbirdCore

extension URI {
    /// The query's members as forms and `URLSearchParams` (and so most programs) encode them: a plus is a space, and
    /// `%2B` is a plus. Hummingbird's own ``queryParameters`` keeps a plus as a plus.
    var formParameters: FlatDictionary<Substring, Substring> {
        guard let query, query.utf8.contains(UInt8(ascii: "+")) else { return queryParameters }
        let spaced = query.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return URI("?" + String(decoding: spaced, as: UTF8.self)).queryParameters
    }
}
