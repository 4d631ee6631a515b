public import ConnectorState

/// A person's options for a connection.
public struct ConnectorOptions: Sendable {
    public let address: ServerAddress
    public let token: BearerToken?
    /// A PEM file with the trusted certificates. Nil: the system's.
    public let authorities: String?
    /// How long to try to reach a lost server, in seconds. The server keeps a session for 900 seconds by default.
    public let retryTime: Int
    /// Drop the program's answers to questions for people; a person answers in the page.
    public let peopleAnswer: Bool

    public init(address: ServerAddress, token: BearerToken?, authorities: String?, retryTime: Int, peopleAnswer: Bool) {
        self.address = address
        self.token = token
        self.authorities = authorities
        self.retryTime = retryTime
        self.peopleAnswer = peopleAnswer
    }
}
