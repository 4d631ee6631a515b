// swift-tools-version:6.2
import PackageDescription

/// In debug builds, warnings in this package's targets are errors; warnings in dependencies are not. All debug builds
/// use the same flags, so that one build does not force the next to recompile everything. `ALLOW_WARNINGS` is for a
/// compiler that reports new warnings. Release builds always allow warnings, so that such a compiler can build the
/// server.
let allowsWarnings = Context.environment["ALLOW_WARNINGS"] != nil

/// Set by `make sanitize`: a sanitizer's library cannot be linked into a static executable.
let isSanitized = Context.environment["SANITIZE"] != nil

/// Without `MemberImportVisibility`: depending on the order of a target's files, the compiler says that Glibc's `stat`
/// belongs to a C module of NIO's, which cannot be imported.
let executableSettings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (allowsWarnings ? [] : [.treatAllWarnings(as: .error, .when(configuration: .debug))])

let settings = executableSettings + [.enableUpcomingFeature("MemberImportVisibility")]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioConcurrencyHelpers = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// `make docs-api` sets `DOCC`: no build but that one needs the plugin.
let documentation: [Package.Dependency] =
    Context.environment["DOCC"] == nil
    ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin.git", exact: "1.5.0")]

let package = Package(
    name: "sre-agent",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sre-agent", targets: ["sre-agent"]),
        .executable(name: "sre-agent-gate", targets: ["sre-agent-gate"]),
        .library(name: "CodexProtocolFull", targets: ["CodexProtocolFull"]),
    ],
    // Exact, since a lock file is not kept with the sources: who builds this gets what was tested. CONTRIBUTING.md says
    // how to update them.
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    ] + documentation,
    targets: [
        // Pure: no NIO, no clock, no files, no sockets.
        .target(name: "JSON", swiftSettings: settings),
        .target(name: "JSONRPC", dependencies: ["JSON"], swiftSettings: settings),
        .target(name: "CodexProtocol", dependencies: ["JSON"], swiftSettings: settings),
        // Not built with the server, because it takes longer to compile than any other target.
        .target(name: "CodexProtocolFull", dependencies: ["CodexProtocol", "JSON"], swiftSettings: settings),
        .target(name: "Policy", swiftSettings: settings),
        .target(name: "ExecGrants", dependencies: ["JSON"], swiftSettings: settings),
        .target(name: "PrometheusMetrics", swiftSettings: settings),
        // Scans every byte of each audit log entry while decisions wait: unoptimized and with a sanitizer that takes
        // one second per 100 KB.
        .target(
            name: "AuditRecord", dependencies: ["JSON"],
            swiftSettings: settings + (isSanitized ? [.unsafeFlags(["-O"])] : [])),
        .target(
            name: "Session",
            dependencies: ["AuditRecord", "CodexProtocol", "ExecGrants", "JSON", "JSONRPC", "Policy"],
            swiftSettings: settings),
        .target(name: "ConnectorState", dependencies: ["JSON", "JSONRPC"], swiftSettings: settings),

        // Converts bytes to messages and back. Uses NIO's buffers but creates no channels.
        .target(name: "Framing", dependencies: ["CDeflate", nioCore, nioPosix], swiftSettings: settings),
        .target(name: "CDeflate", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "SQLiteFiles", swiftSettings: settings),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: settings),
        .target(name: "Settings", swiftSettings: settings),
        .target(name: "Access", dependencies: ["Cryptography", "JSON", "Policy"], swiftSettings: settings),
        .target(
            name: "RulesFile", dependencies: ["Access", "Policy", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .target(
            name: "AuditLog",
            dependencies: [
                "AuditRecord", "Cryptography", "JSON", "SQLiteFiles", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),

        .target(
            name: "StateStore",
            dependencies: ["JSON", "Session", "SQLiteFiles", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),

        // Handlers that perform the decisions of the pure targets.
        .target(
            name: "Relay",
            dependencies: [
                "AuditRecord", "ExecGrants", "JSON", "JSONRPC", "Policy", "PrometheusMetrics", "Session", nioCore,
                logging,
            ],
            swiftSettings: settings),
        .target(
            name: "Webhook",
            dependencies: [
                "JSON", "Session", nioCore, nioHTTP1, logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "ToolProxy",
            dependencies: [
                "JSON", hummingbird, httpTypes, nioCore, nioHTTP1, logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(name: "CProcess"),
        .target(
            name: "Agent",
            dependencies: [
                "CProcess", "ExecGrants", "Framing", "JSON", "JSONRPC", "Relay", "Session", nioCore, nioPosix, nioHTTP1,
                nioWebSocket, logging,
            ],
            swiftSettings: settings),
        .target(
            name: "Page", dependencies: [nioCore], resources: [.copy("Web")], swiftSettings: settings),
        .target(
            name: "Edge",
            dependencies: [
                "Access", "AuditRecord", "Framing", "JSON", "JSONRPC", "Page", "PrometheusMetrics", "Policy", "Relay",
                "Session",
                nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL, hummingbird, hummingbirdCore, httpTypes,
                nioHTTPTypesHTTP1, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        // A client of the server, not a part of it.
        .target(
            name: "Connector",
            dependencies: [
                "ConnectorState", "Framing", "JSON", nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL,
            ],
            swiftSettings: settings),
        .target(
            name: "ScriptedModel",
            dependencies: [
                "JSON", hummingbird, httpTypes, nioCore, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // Executables: the only code that knows both the edge and the agent.
        .executableTarget(
            name: "sre-agent",
            dependencies: [
                "Access", "Agent", "AuditLog", "AuditRecord", "Connector", "ConnectorState", "CProcess", "Edge",
                "ExecGrants",
                "JSON",
                "PrometheusMetrics", "Policy",
                "Relay", "RulesFile", "ScriptedModel", "Session", "Settings", "StateStore", "ToolProxy", "Webhook",
                nioCore,
                nioConcurrencyHelpers, nioPosix, logging,
                hummingbird,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: executableSettings),
        // In C only. Swift's start-up code and libraries, which SwiftPM links anyway, would triple its start-up time
        // and take six times the memory.
        .executableTarget(
            name: "sre-agent-gate", dependencies: ["CProcess"],
            linkerSettings: isSanitized
                ? [] : [.unsafeFlags(["-static-stdlib", "-nostartfiles", "-Xclang-linker", "-static"])]),
        // Tools for developers.
        .executableTarget(
            name: "scripted-model", dependencies: ["ScriptedModel", "JSON", logging], path: "Tools/scripted-model",
            swiftSettings: settings),
        .executableTarget(
            name: "websocket-echo", dependencies: ["Edge", "Relay", nioCore, nioPosix, nioHTTP1],
            path: "Tools/websocket-echo", swiftSettings: settings),
        .executableTarget(
            name: "audit-bench", dependencies: ["AuditLog", "AuditRecord", "JSON"], path: "Tools/audit-bench",
            swiftSettings: settings),
        .executableTarget(
            name: "hot-path", dependencies: ["Framing", "JSONRPC", "Policy", "Session", nioCore],
            path: "Tools/hot-path", swiftSettings: settings),
        .executableTarget(
            name: "generate-protocol", dependencies: ["JSON"], path: "Tools/generate-protocol", swiftSettings: settings),

        // Shared by several test targets.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "JSONRPCTests", dependencies: ["JSON", "JSONRPC"], swiftSettings: settings),
        .testTarget(
            name: "CodexProtocolFullTests", dependencies: ["CodexProtocolFull", "JSON"],
            resources: [.copy("Recordings")], swiftSettings: settings),
        .testTarget(
            name: "SessionTests",
            dependencies: [
                "AuditRecord", "CodexProtocol", "ExecGrants", "JSON", "JSONRPC", "Policy", "Session", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ConnectorStateTests", dependencies: ["ConnectorState"], swiftSettings: settings),
        .testTarget(name: "SettingsTests", dependencies: ["Settings"], swiftSettings: settings),
        .testTarget(
            name: "EdgeTests",
            dependencies: [
                "Access", "AuditRecord", "Edge", "Framing", "JSON", "Policy", "PrometheusMetrics", "Relay", "Session",
                nioCore, nioHTTP1, hummingbirdCore,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(name: "PageTests", dependencies: ["Page", nioCore], swiftSettings: settings),
        .testTarget(
            name: "FramingTests",
            dependencies: [
                "Framing", "TestSupport", nioCore, nioPosix, .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AgentTests", dependencies: ["Agent", "JSON", "Session", nioCore], swiftSettings: settings),
        .testTarget(
            name: "AuditLogTests",
            dependencies: [
                "AuditLog", "AuditRecord", "JSON", .product(name: "GRDB", package: "GRDB.swift"), "audit-bench",
                "TestSupport",
            ], swiftSettings: settings),
        .testTarget(
            name: "StateStoreTests",
            dependencies: ["Session", "StateStore", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .testTarget(
            name: "RulesFileTests", dependencies: ["Access", "Policy", "RulesFile", "TestSupport"],
            swiftSettings: settings),
        .testTarget(name: "AccessTests", dependencies: ["Access", "JSON", "Policy"], swiftSettings: settings),
        .testTarget(name: "ExecGrantsTests", dependencies: ["ExecGrants", "JSON"], swiftSettings: settings),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: settings),
        .testTarget(name: "PolicyTests", dependencies: ["Policy"], swiftSettings: settings),
        .testTarget(name: "PrometheusMetricsTests", dependencies: ["PrometheusMetrics"], swiftSettings: settings),
        .testTarget(name: "WebhookTests", dependencies: ["JSON", "Session", "Webhook"], swiftSettings: settings),
        .testTarget(
            name: "RelayTests",
            dependencies: [
                "AuditRecord", "ExecGrants", "JSON", "Policy", "PrometheusMetrics", "Relay", "Session", nioCore,
                logging,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(name: "ScriptedModelTests", dependencies: ["JSON", "ScriptedModel"], swiftSettings: settings),
    ]
)
