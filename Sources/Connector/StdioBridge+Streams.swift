import ConnectorState
import Framing
import NIOCore

/// Standard input and output.
extension StdioBridge {
    // MARK: Input

    /// Reads again, unless a read is running or the input window is full.
    func readInput() {
        guard !isReadingInput, state.wantsInput else { return }
        isReadingInput = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        input.read { chunk in bound.eventLoop.execute { bound.value.took(chunk) } }
    }

    private func took(_ chunk: InputReader.Chunk) {
        isReadingInput = false
        switch chunk {
        case .bytes(let bytes): took(bytes)
        case .end:
            // The last line may lack a line end.
            took(ByteBuffer(string: "\n"))
            perform(state.inputEnded())
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            eventLoop.scheduleTask(in: Self.inputPatience) {
                bound.value.perform(bound.value.state.inputEndedLongAgo())
            }
        case .fault(let reason):
            perform(state.end(.init(.inputOutput, "Standard input cannot be read: \(reason).")))
        }
    }

    private func took(_ bytes: ByteBuffer) {
        lines.append(bytes)
        do {
            var actions: [ConnectorState<ByteBuffer>.Action] = []
            while let line = try lines.next() {
                if line.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
                actions += line.withUnsafeReadableBytes { state.input(line, $0) }
            }
            perform(actions)
        } catch {
            perform(state.end(.init(.data, "A line of standard input is longer than \(lines.limit) bytes.")))
        }
    }

    // MARK: Output

    /// Writes one line. Stops reading from the server while too much output is waiting.
    func write(_ message: ByteBuffer) {
        pending.writeImmutableBuffer(message.onOneLine)
        pending.writeInteger(UInt8(ascii: "\n"))
        writePending()
        setReading()
    }

    private func writePending() {
        guard !isWriting, pending.readableBytes > 0 else { return }
        isWriting = true
        let bytes = pending
        pending = ByteBuffer()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        output.write(bytes) { fault in bound.eventLoop.execute { bound.value.wrote(fault) } }
    }

    private func wrote(_ fault: String?) {
        isWriting = false
        if let fault {
            pending = ByteBuffer()
            perform(state.end(.init(.inputOutput, "Standard output cannot be written: \(fault).")))
        }
        writePending()
        setReading()
        finishIfOut()
    }

    private func setReading() {
        let isReading = pending.readableBytes < ConnectorLimits.window
        guard isReading != isReadingSocket else { return }
        isReadingSocket = isReading
        setSocketReading(isReading)
    }
}
