import Hummingbird
import HummingbirdCore
import JSON
import NIOCore
import Session

/// The directories that a thread may be opened in.
struct DirectoryRoutes {
    let edge: EdgeContext

    func add(to router: Router<EdgeRequestContext>) {
        router.get("/api/v1/sre/directories") { request, context in
            let client = try edge.admit(RequestCredentials(request, channel: context.channel))
            let path = request.uri.formParameters["path"].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
            switch try await edge.status.directories(path, client.principal) {
            case .found(let listing): return Response.json(listing.serialized())
            case .refused(let message): throw AccessRefusal(status: 403, message: message)
            case .invalid(let message): throw AccessRefusal(status: 400, message: message)
            }
        }
    }
}
