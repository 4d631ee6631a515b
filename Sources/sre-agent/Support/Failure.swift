/// An error for the user at the terminal: one sentence with a remedy.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
