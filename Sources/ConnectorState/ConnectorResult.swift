/// How a connector ends: its exit code, and one line for people unless it succeeded.
public struct ConnectorResult: Error, Sendable, Hashable {
    /// The program's own exit codes (sysexits.h). A signal gives 128 plus its number.
    public enum Status: Int32, Sendable {
        /// Standard input has ended and every response is written.
        case done = 0
        /// EX_USAGE: the URL, the token or a named file cannot be used.
        case usage = 64
        /// EX_DATAERR: a line is longer than ``ConnectorLimits/message``.
        case data = 65
        /// EX_UNAVAILABLE: the server cannot be reached, or no longer.
        case unavailable = 69
        /// EX_IOERR: standard input cannot be read, or standard output cannot be written.
        case inputOutput = 74
        /// EX_TEMPFAIL: the session is lost, because the server stops or was restarted, or no longer has the missed
        /// messages. Also for a server that is too busy. Starting again may help.
        case lost = 75
        /// EX_PROTOCOL: the peer is not an SRE Agent Server, or it closed the connection over an invalid message.
        case `protocol` = 76
        /// EX_NOPERM: the sign-in was refused or has ended.
        case refused = 77
    }

    public let exitCode: Int32
    public let message: String?

    public init(_ status: Status, _ message: String? = nil) {
        exitCode = status.rawValue
        self.message = message
    }

    public init(signal: Int32) {
        exitCode = 128 + signal
        message = nil
    }
}

public enum ConnectorLimits {
    /// The longest message in either direction, in bytes. More than a server accepts by default.
    public static let message = 256 << 20
    /// How many bytes may be in flight to the server, or to standard output, before reading stops. At most one message
    /// and one read exceed it.
    public static let window = 1 << 20
    /// The same in messages, to the server.
    public static let windowMessages = 4_096
}
