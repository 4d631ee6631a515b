import HTTPTypes

/// The secret that a request must carry in `Authorization`.
struct BearerToken: Sendable {
    private let expected: [UInt8]

    init(_ token: String) { expected = Array("Bearer \(token)".utf8) }

    /// 256 random bits in hexadecimal.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in Hexadecimal.digits(of: generator.next() as UInt64) }.joined()
    }

    /// Compares in constant time.
    func isCarried(by headers: HTTPFields) -> Bool {
        guard let given = headers[.authorization].map({ Array($0.utf8) }), given.count == expected.count else {
            return false
        }
        return zip(given, expected).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

enum Hexadecimal {
    /// Sixteen digits, with leading zeros.
    static func digits(of number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
