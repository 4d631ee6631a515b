import Access
public import JSON
public import PrometheusMetrics
import NIOSSL
public import Relay
public import Session

/// What the executable gives the edge, and what the edge's routes and sockets share.
public struct EdgeContext: Sendable {
    let originPolicy: OriginPolicy
    let authenticator: Authenticator
    let hub: Hub
    /// The largest message a client may send, in bytes.
    let maximumMessageSize: Int
    let sessions: SessionDirectory
    let status: Status
    let tls: TLS?
    /// Pages reach the server over TLS: its own, or that of a proxy in front of it.
    let isSecure: Bool
    /// The path of `PUBLIC_URL`: browsers see the server's addresses below it, and a proxy takes it off. Empty if there
    /// is none.
    let publicPath: String
    let sockets: SocketLimiter
    let connections: ConnectionLimiter
    let refusals: RefusalRecorder
    let unfinished: UnfinishedMessages

    /// The server's state, as the routes report it.
    public struct Status: Sendable {
        /// Nil if the agent answers and the record can be written; otherwise the reason.
        let notReady: @Sendable () -> String?
        /// The fields of `GET /api/v1/sre/info` other than the user.
        let info: @Sendable () -> JSONObject
        /// `GET /metrics`, in Prometheus's text format.
        let metrics: @Sendable () -> Exposition
        /// `GET /api/v1/sre/audit`: rows of the record, newest first. Reads the disk, so it runs on a thread of its
        /// own.
        let record: @Sendable (RecordQuery) async throws -> [JSONValue]
        /// `GET /api/v1/sre/threads/{id}/timeline`: the history of the query's thread. Reads the disk as well.
        let timeline: @Sendable (RecordQuery) async throws -> JSONValue
        /// `GET /api/v1/sre/directories`: what is in the directory at a path, for this principal. Reads the disk as well.
        let directories: @Sendable (String?, Principal) async throws -> Directories

        public enum Directories: Sendable {
            case found(JSONValue)
            /// With a sentence.
            case refused(String)
            case invalid(String)
        }

        public init(
            notReady: @escaping @Sendable () -> String?, info: @escaping @Sendable () -> JSONObject,
            metrics: @escaping @Sendable () -> Exposition,
            record: @escaping @Sendable (RecordQuery) async throws -> [JSONValue],
            timeline: @escaping @Sendable (RecordQuery) async throws -> JSONValue,
            directories: @escaping @Sendable (String?, Principal) async throws -> Directories
        ) {
            self.notReady = notReady
            self.info = info
            self.metrics = metrics
            self.record = record
            self.timeline = timeline
            self.directories = directories
        }
    }

    public init(
        originPolicy: OriginPolicy, authenticator: Authenticator, hub: Hub, sessions: SessionDirectory, status: Status,
        tls: TLS?, isSecure: Bool, publicPath: String = "",
        maximumMessageSize: Int, maximumSockets: Int, maximumSocketsPerAddress: Int
    ) {
        self.originPolicy = originPolicy
        self.authenticator = authenticator
        self.hub = hub
        self.sessions = sessions
        self.status = status
        self.tls = tls
        self.isSecure = isSecure
        self.publicPath = publicPath
        self.maximumMessageSize = maximumMessageSize
        // A principal may send one message of the largest size, and others beside it.
        unfinished = UnfinishedMessages(limit: maximumMessageSize * 2)
        sockets = SocketLimiter(limit: maximumSockets, limitPerAddress: maximumSocketsPerAddress)
        connections = ConnectionLimiter(
            maximumSockets: maximumSockets, maximumSocketsPerAddress: maximumSocketsPerAddress
        ) { authenticator.proxies?.addresses.contains(address: $0) ?? false }
        refusals = RefusalRecorder { hub.note($0) }
    }

    /// `GET /metrics`: the executable's metrics and the edge's own.
    var metrics: String {
        var metrics = status.metrics()
        metrics.gauge("sre_agent_sockets", "Open WebSockets.", sockets.count)
        metrics.counters(
            "sre_agent_refusals_total", "Requests refused before they were handled, by HTTP status.", refusals.counter)
        return metrics.text
    }

    /// Checks host and origin, then authenticates.
    func admit(_ credentials: RequestCredentials) throws(AccessRefusal) -> ClientContext {
        try originPolicy.checkOrigin(credentials)
        return try authenticator.identify(credentials, mayTrustLocal: !hub.someThreadHasNetwork)
    }
}
