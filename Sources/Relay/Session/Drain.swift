import NIOCore

/// Whether a session is closing because the server stops. A state machine; ``SessionRelay`` performs what follows.
enum Drain {
    case notBegun
    /// The session closes as soon as no turn runs. `waiting` are completed then.
    case begun(waiting: [EventLoopPromise<Void>])

    init() { self = .notBegun }

    var hasBegun: Bool { if case .begun = self { true } else { false } }

    /// Returns false if the drain had begun already.
    mutating func begin() -> Bool {
        guard case .notBegun = self else { return false }
        self = .begun(waiting: [])
        return true
    }

    mutating func add(_ promise: EventLoopPromise<Void>) {
        switch self {
        case .notBegun: self = .begun(waiting: [promise])
        case .begun(let waiting): self = .begun(waiting: waiting + [promise])
        }
    }

    /// Returns each promise once.
    mutating func takeWaiting() -> [EventLoopPromise<Void>] {
        guard case .begun(let waiting) = self else { return [] }
        self = .begun(waiting: [])
        return waiting
    }
}
