/// The reason that nothing was generated. The generator rejects schemas that it does not understand, so that no part of
/// a new codex's protocol is silently dropped.
struct GeneratorError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
