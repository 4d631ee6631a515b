/// How a connector ends: its exit code, and one line for people unless all is well.
public struct ConnectorResult: Error, Sendable, Hashable {
    /// The program's exit codes, as far as they are its own (sysexits.h). A signal gives 128 and its number.
    public enum Status: Int32, Sendable {
        /// Standard input has ended and every answer is out.
        case done = 0
        /// EX_USAGE: the URL, the token or a file that was named cannot be used.
        case usage = 64
        /// EX_DATAERR: a line is longer than ``ConnectorLimits/message``.
        case data = 65
        /// EX_UNAVAILABLE: the server cannot be reached, or not any more.
        case unavailable = 69
        /// EX_IOERR: standard input cannot be read, or standard output cannot be written.
        case inputOutput = 74
        /// EX_TEMPFAIL: the session is lost: the server stops or was restarted, or no longer has what was missed. Also a
        /// server that is too busy. Beginning anew may help.
        case lost = 75
        /// EX_PROTOCOL: this is no SRE Agent Server, or it ended the connection over what it was sent.
        case `protocol` = 76
        /// EX_NOPERM: the sign-in was refused, or has ended.
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
    /// The longest message, in bytes, in either direction: more than a server takes unless it is told to.
    public static let message = 256 << 20
    /// What is on its way to the server, or to standard output, before no more is read: in bytes, and beyond it at most
    /// one message and one read.
    public static let window = 1 << 20
    /// And in messages, to the server.
    public static let windowMessages = 4_096
}
