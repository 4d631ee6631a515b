@testable import Edge
import Framing
import NIOCore
import NIOHTTP1
import Testing

/// RFC 7692 section 7.1.
@Suite struct DeflateAgreementTests {
    private func answer(_ offers: String...) -> String? {
        var headers = HTTPHeaders()
        for offer in offers { headers.add(name: "Sec-WebSocket-Extensions", value: offer) }
        return DeflateAgreement(headers)?.headers.first(name: "Sec-WebSocket-Extensions")
    }

    @Test(arguments: [
        ("permessage-deflate", "11"), ("permessage-deflate; client_max_window_bits", "11"),
        ("Permessage-Deflate;client_max_window_bits=\"10\" ; server_max_window_bits=15", "11"),
        ("permessage-deflate; server_max_window_bits=9", "9"), ("permessage-deflate; client_no_context_takeover", "11"),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=10", "10"),
        ("x-webkit-deflate-frame, permessage-deflate", "11"),
    ])
    func anOfferIsAccepted(_ offer: String, _ bits: String) {
        #expect(answer(offer) == "permessage-deflate; client_no_context_takeover; server_max_window_bits=\(bits)")
    }

    @Test func theServerForgetsIfAskedTo() {
        #expect(
            answer("x", "permessage-deflate; server_no_context_takeover")
                == "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11"
        )
    }

    @Test(arguments: [
        "", "deflate", "permessage-deflate; unknown", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08", "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=0", "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; server_no_context_takeover=1", "permessage-deflate; client_no_context_takeover=",
        "permessage-deflate; client_max_window_bits; client_max_window_bits", "permessage-deflate;",
    ])
    func anOfferIsDeclined(_ offer: String) { #expect(answer(offer) == nil) }

    @Test func noOfferNoAgreement() { #expect(DeflateAgreement(HTTPHeaders()) == nil) }

    @Test(arguments: [
        (#"{"method":"item/agentMessage/delta","params":{}}"#, true), (#"{"method":"turn/completed"}"#, true),
        (#"{"method":"thread/status/changed"}"#, true), (#"{"method":"hook/started"}"#, true),
        (#"{"method":"account/updated"}"#, false), (#"{"method":"account/rateLimits/updated"}"#, false),
        (#"{"method":"sre/session"}"#, false), (#"{"method":"sre/alarm"}"#, false), (#"{"id":1,"result":{}}"#, false),
        (#"{"id":"x","method":"item/commandExecution/requestApproval"}"#, false), ("", false),
        (#"{"method":"item/"#, false),
    ])
    func onlyAThreadsNotificationsAreCompressed(_ text: String, _ isCompressed: Bool) throws {
        let agreement = try #require(DeflateAgreement(["Sec-WebSocket-Extensions": "permessage-deflate"]))
        #expect(agreement.compresses(.text, ByteBuffer(string: text)) == isCompressed)
        #expect(!agreement.compresses(.ping, ByteBuffer(string: text)))
    }
}
