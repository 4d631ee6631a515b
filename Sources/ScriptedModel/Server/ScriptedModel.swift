/// Chooses the model's answer to a request: plays a script if scripts are enabled and there is one, else the demo.
enum ScriptedModel {
    static func step(for request: ResponsesRequest, mode: ScriptedModelServer.Mode) -> Step {
        if request.kind == .compaction { return .answer(DemoAnswer.summary) }
        if let cell = request.conversation.runningCell { return Step(action: .wait(cell: cell)) }
        guard mode == .scripts, let source = request.conversation.userText.flatMap(Script.source(in:)) else {
            return DemoModel.step(for: request)
        }
        do throws(ScriptError) {
            return try Script(source: source).step(in: request.conversation)
        } catch {
            return .answer("script error: \(error.message)")
        }
    }
}
