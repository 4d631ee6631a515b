/// The token that lets in everybody but the local user.
public struct AccessToken: Sendable {
    /// Longer ones are not compared at all.
    static let maximumLength = 512

    private let bytes: [UInt8]

    public init(_ text: String) { bytes = Array(text.utf8) }

    /// Takes the same time wherever the first difference stands.
    func matches(_ offered: String) -> Bool {
        let offered = Array(offered.utf8.prefix(Self.maximumLength + 1))
        var difference = UInt8(offered.count == bytes.count ? 0 : 1)
        for index in bytes.indices {
            difference |= bytes[index] ^ (index < offered.count ? offered[index] : ~bytes[index])
        }
        return difference == 0
    }
}
