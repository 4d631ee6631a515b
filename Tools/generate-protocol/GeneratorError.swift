/// Why nothing was generated. The generator refuses what it does not understand, so that a new codex
/// cannot lose a part of its protocol unnoticed.
struct GeneratorError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
