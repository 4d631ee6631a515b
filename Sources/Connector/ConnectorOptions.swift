public import ConnectorState

/// What a person says about a connection.
public struct ConnectorOptions: Sendable {
    public let address: ServerAddress
    public let token: BearerToken?
    /// A PEM file with the certificates to believe, in the place of the system's; nil for those.
    public let authorities: String?
    /// How long a server that is lost is looked for, in seconds. The server keeps a session for 900 by default.
    public let retryTime: Int
    /// What the program answers to questions for people is not passed on: somebody answers in the page.
    public let peopleAnswer: Bool

    public init(address: ServerAddress, token: BearerToken?, authorities: String?, retryTime: Int, peopleAnswer: Bool) {
        self.address = address
        self.token = token
        self.authorities = authorities
        self.retryTime = retryTime
        self.peopleAnswer = peopleAnswer
    }
}
