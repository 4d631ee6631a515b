import HummingbirdCore

extension URI {
    /// The members of the query as forms and `URLSearchParams` write them, and so most programs: a plus is a space, and
    /// `%2B` a plus. Hummingbird's own ``queryParameters`` leaves a plus a plus.
    var formParameters: FlatDictionary<Substring, Substring> {
        guard let query, query.utf8.contains(UInt8(ascii: "+")) else { return queryParameters }
        let spaced = query.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return URI("?" + String(decoding: spaced, as: UTF8.self)).queryParameters
    }
}
