/// The command line. Two flags do not need a library.
struct Arguments {
    struct Failure: Error {
        let message: String
    }

    static let usage = "Usage: scripted-model [--port PORT] [--token TOKEN]"

    /// 0 lets the system choose.
    var port = 0
    /// nil: creates a token and prints it.
    var token: String?

    init(_ arguments: some Sequence<String>) throws(Failure) {
        var rest = arguments.makeIterator()
        while let flag = rest.next() {
            guard flag == "--port" || flag == "--token" else { throw Failure(message: "unknown argument \(flag)") }
            guard let value = rest.next() else { throw Failure(message: "\(flag) needs a value") }
            if flag == "--token" {
                token = value
            } else if let number = UInt16(value) {
                port = Int(number)
            } else {
                throw Failure(message: "\(value) is not a port")
            }
        }
    }
}
