import Hummingbird
import NIOCore

/// Gives a request the connection that it came on, which a stream needs to break off.
struct ModelRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
