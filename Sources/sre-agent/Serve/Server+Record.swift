import Access
import Agent
import AuditLog
import AuditRecord
import Edge
import Glibc
import JSON
import Logging
import NIOPosix
import PrometheusMetrics
import Relay
import Session
import Settings
import StateStore

/// The audit log's location, options and metrics.
extension Server {
    static func recordPath(_ settings: Settings) -> String { "\(settings.stateDirectory)/audit.sqlite" }

    /// What the server keeps on disk while it runs.
    struct StateFiles {
        let threads: SQLiteThreadStore
        let log: AuditLog
        /// Writes to the audit log and counts.
        let recorder: MeteredRecorder

        func close() {
            log.close()
            threads.flush()
        }
    }

    /// `secrets` are masked in the audit log.
    func openState(hiding secrets: [String]) throws -> StateFiles {
        let threads = try openThreads()
        let log = try openRecord(hiding: secrets)
        return StateFiles(threads: threads, log: log, recorder: MeteredRecorder(log))
    }

    private func openRecord(hiding secrets: [String]) throws -> AuditLog {
        var options = AuditLog.Options()
        options.knownSecrets = secrets + [settings.openAIKey, settings.webhookURL].compactMap(\.self)
        if settings.auditKeepDays != nil || settings.auditKeepBytes != nil {
            options.retention = .init(
                maxAge: settings.auditKeepDays.map { Int64($0) * 86_400_000 }, maxBytes: settings.auditKeepBytes)
        }
        let logger = logger
        // A checkpoint stored elsewhere shows whether the audit log was replaced by an older copy.
        options.onCheckpoint = { logger.notice("record checkpoint \($0.anchor)") }
        let log = try AuditLog(
            path: Self.recordPath(settings), keyPath: settings.auditKey, options: options)
        if log.isWithoutPast { logger.warning("the audit log starts over, although one with this key existed before") }
        return log
    }

    /// Opens the thread store. Throws if it can be neither opened nor created.
    private func openThreads() throws -> SQLiteThreadStore {
        let logger = logger
        return try SQLiteThreadStore(path: "\(settings.stateDirectory)/threads.sqlite") {
            logger.error("\($0)")
        }
    }

    /// Searches of the audit log take as long as it is large. On the threads that everything shares, they would keep
    /// approval requests waiting.
    private static let recordReaders: NIOThreadPool = {
        let readers = NIOThreadPool(numberOfThreads: 2)
        readers.start()
        return readers
    }()

    func status(
        _ hub: Hub, _ agent: any AgentSupervisor, _ state: StateFiles, _ subdirectories: Subdirectories,
        info: @escaping @Sendable () -> JSONObject
    ) -> EdgeContext.Status {
        let (log, threads) = (state.log, state.threads)
        return EdgeContext.Status(
            notReady: {
                if let failure = log.failure { return "The record cannot be written: \(failure)" }
                if let failure = threads.failure { return "The state of threads cannot be written: \(failure)" }
                // The reason may contain the agent's last output.
                return agent.status.isReady ? agent.threadsRefused : log.mask.masked(agent.status.reason)
            },
            info: info,
            metrics: { Self.metrics(hub, agent, log, state.recorder) },
            record: { query in
                try await Self.recordReaders.runIfActive {
                    try log.query(
                        thread: query.threadID, text: query.text, before: query.before, limit: query.limit,
                        withoutHashes: query.isForViewer
                    ).map { .object($0.object) }
                }
            },
            timeline: { query in
                try await Self.recordReaders.runIfActive {
                    let timeline = try log.timeline(
                        of: query.threadID ?? "", before: query.before, limit: query.limit,
                        withoutHashes: query.isForViewer)
                    return [
                        "data": .array(timeline.turns), "next": timeline.next.map { .number(JSONNumber($0)) } ?? .null,
                    ]
                }
            },
            directories: { path, principal in
                let policy = hub.policy
                return try await NIOThreadPool.singleton.runIfActive {
                    subdirectories.listing(path, policy, principal)
                }
            })
    }

    private static func metrics(
        _ hub: Hub, _ agent: any AgentSupervisor, _ log: AuditLog, _ meter: MeteredRecorder
    ) -> Exposition {
        var metrics = Exposition()
        metrics.gauge("sre_agent_ready", "1 when the agent answers.", agent.status.isReady ? 1 : 0)
        metrics.gauge(
            "sre_agent_threads_refused", "1 while no new thread may be opened although agents run.",
            agent.threadsRefused == nil ? 0 : 1)
        metrics.gauge("sre_agent_sessions", "Sessions, those without a socket included.", hub.sessionCount)
        metrics.gauge("sre_agent_threads", "Threads opened since the server began.", hub.threadCount)
        metrics.gauge("sre_agent_approvals_waiting", "Questions that wait for a person.", hub.waiting.count)
        metrics.histogram(
            "sre_agent_decision_seconds", "How long people took to decide.", meter.decisionTimes)
        metrics.counters(
            "sre_agent_decisions_total", "Decisions, by who or what decided and what.", meter.decisions)
        metrics.counters(
            "sre_agent_request_refusals_total", "Calls and answers that were refused, by kind.", meter.refusals)
        metrics.counter("sre_agent_alarms_total", "Items that ran without a grant.", meter.alarms.value)
        metrics.counter("sre_agent_agent_starts_total", "Starts of the agent.", meter.agentStarts.value)
        metrics.histogram(
            "sre_agent_relay_seconds", "From reading the agent's messages to having written them to a client.",
            hub.relayLatency)
        metrics.gauge("sre_agent_record_queued", "Rows that wait for the disk.", log.queuedCount)
        metrics.gauge(
            "sre_agent_record_writable", "1 while the record can be written.", log.failure == nil ? 1 : 0)
        metrics.counter(
            "sre_agent_record_unwritten_decisions_total",
            "Decisions that could not be written, and so granted nothing.",
            meter.unwritten.value)
        return metrics
    }
}
