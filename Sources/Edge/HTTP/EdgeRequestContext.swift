import Hummingbird
import NIOCore

/// What a route knows beside the request: the connection it came over.
struct EdgeRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Only `POST /api/v1/sre/login` has a body, and a token is short.
    var maxUploadSize: Int { 16_384 }
}
