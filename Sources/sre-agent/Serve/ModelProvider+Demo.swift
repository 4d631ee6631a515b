import Agent
import Glibc
import ScriptedModel

extension ModelProvider {
    /// The demo's scripted model, which listens at `baseURL`. Writes its model catalog below `run`, owned by `user`.
    /// Throws ``Failure`` if the catalog cannot be written.
    static func demo(baseURL: String, token: String, _ run: RunDirectory, _ user: AgentUser?) throws -> ModelProvider {
        let catalog = "\(run.path)/models.json"
        try write(CodexSettings.modelCatalog, to: catalog)
        user?.own(catalog)
        return ModelProvider(
            arguments: CodexSettings.arguments(baseURL: baseURL, catalogPath: catalog),
            environment: [CodexSettings.tokenVariable: token])
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure("\(path) cannot be written.")
        }
    }
}
