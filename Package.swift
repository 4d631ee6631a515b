// swift-tools-version:6.2
import PackageDescription

/// In debug builds a warning is an error in our targets, never in a dependency's. All debug builds have the same flags,
/// so that none makes another compile everything anew. `ALLOW_WARNINGS` is for a compiler with warnings of its own;
/// release builds allow them always, so that the server can be built with one.
let allowsWarnings = Context.environment["ALLOW_WARNINGS"] != nil

/// `make sanitize` sets `SANITIZE`: a sanitizer's library cannot be linked into a static executable.
let isSanitized = Context.environment["SANITIZE"] != nil

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (allowsWarnings ? [] : [.treatAllWarnings(as: .error, .when(configuration: .debug))])

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "sre-agent",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sre-agent", targets: ["sre-agent"]),
        .executable(name: "sre-agent-gate", targets: ["sre-agent-gate"]),
        .library(name: "CodexProtocolFull", targets: ["CodexProtocolFull"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // Pure: no NIO, no clock, no file, no socket.
        .target(name: "JSON", swiftSettings: settings),
        .target(name: "JSONRPC", dependencies: ["JSON"], swiftSettings: settings),
        .target(name: "CodexProtocol", dependencies: ["JSON"], swiftSettings: settings),
        // Not built with the server: nothing here takes longer to compile.
        .target(name: "CodexProtocolFull", dependencies: ["CodexProtocol", "JSON"], swiftSettings: settings),
        .target(name: "Policy", swiftSettings: settings),
        .target(name: "ExecGate", dependencies: ["JSON"], swiftSettings: settings),
        .target(name: "PrometheusMetrics", swiftSettings: settings),
        // Looks at every byte of what is recorded, and decisions wait behind it: with a sanitizer and without an
        // optimizer that takes a second for 100 KB.
        .target(
            name: "AuditRecord", dependencies: ["JSON"],
            swiftSettings: settings + (isSanitized ? [.unsafeFlags(["-O"])] : [])),
        .target(
            name: "Session",
            dependencies: ["AuditRecord", "CodexProtocol", "ExecGate", "JSON", "JSONRPC", "Policy"],
            swiftSettings: settings),
        .target(name: "ConnectorState", dependencies: ["JSON", "JSONRPC"], swiftSettings: settings),

        // Bytes to messages and back. NIO's buffers, and no channel of its own.
        .target(name: "Framing", dependencies: [nioCore, nioPosix], swiftSettings: settings),
        .target(name: "Settings", swiftSettings: settings),
        .target(name: "Access", dependencies: ["JSON", "Policy", crypto], swiftSettings: settings),
        .target(
            name: "RulesFile", dependencies: ["Access", "Policy", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .target(
            name: "AuditLog",
            dependencies: ["AuditRecord", "JSON", crypto, .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),

        .target(
            name: "StateStore", dependencies: ["JSON", "Session", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),

        // Handlers: they perform what the pure targets decide.
        .target(
            name: "Relay",
            dependencies: [
                "AuditRecord", "ExecGate", "JSON", "JSONRPC", "PrometheusMetrics", "Session", nioCore, logging,
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
                "CProcess", "ExecGate", "Framing", "JSON", "JSONRPC", "Relay", "Session", nioCore, nioPosix, nioHTTP1,
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
        // A client of a server's, not a part of it.
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

        // Executables: the only places that know both ends.
        .executableTarget(
            name: "sre-agent",
            dependencies: [
                "Access", "Agent", "AuditLog", "AuditRecord", "Connector", "ConnectorState", "CProcess", "Edge",
                "ExecGate",
                "JSON",
                "PrometheusMetrics", "Policy",
                "Relay", "RulesFile", "ScriptedModel", "Session", "Settings", "StateStore", "ToolProxy", "Webhook",
                nioCore,
                nioPosix, logging,
                hummingbird,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // In C alone. Swift's start-up code and libraries, which SwiftPM links all the same, make its start three times as
        // long and its memory six times as large.
        .executableTarget(
            name: "sre-agent-gate", dependencies: ["CProcess"],
            linkerSettings: isSanitized
                ? [] : [.unsafeFlags(["-static-stdlib", "-nostartfiles", "-Xclang-linker", "-static"])]),
        // For those who build it.
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

        // What several test targets share.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "JSONRPCTests", dependencies: ["JSON", "JSONRPC"], swiftSettings: settings),
        .testTarget(
            name: "CodexProtocolFullTests", dependencies: ["CodexProtocolFull", "JSON"],
            resources: [.copy("Recordings")], swiftSettings: settings),
        .testTarget(
            name: "SessionTests",
            dependencies: [
                "AuditRecord", "CodexProtocol", "ExecGate", "JSON", "JSONRPC", "Policy", "Session", "TestSupport",
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
                "AuditLog", "AuditRecord", "JSON", crypto, .product(name: "GRDB", package: "GRDB.swift"), "audit-bench",
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
        .testTarget(name: "ExecGateTests", dependencies: ["ExecGate", "JSON"], swiftSettings: settings),
        .testTarget(name: "PolicyTests", dependencies: ["Policy"], swiftSettings: settings),
        .testTarget(name: "PrometheusMetricsTests", dependencies: ["PrometheusMetrics"], swiftSettings: settings),
        .testTarget(name: "WebhookTests", dependencies: ["JSON", "Session", "Webhook"], swiftSettings: settings),
        .testTarget(
            name: "RelayTests",
            dependencies: [
                "AuditRecord", "ExecGate", "JSON", "Policy", "PrometheusMetrics", "Relay", "Session", nioCore, logging,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(name: "ScriptedModelTests", dependencies: ["JSON", "ScriptedModel"], swiftSettings: settings),
    ]
)
