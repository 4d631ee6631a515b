// Secrets recognised by their format.
extension MaskingCorpus {
    private static let hex = "0123456789abcdef0123456789abcdef"

    static let tokens: [Secret] =
        [
            Secret("bot 123456789:", "A" + "A" + fake("", 33), " ok", stays: ["123456789:", " ok"]),
            Secret("bot 1234567890:", "A" + "A" + fake("", 33)),
            Secret("bot ", "MT" + "Ia" + fake("", 20) + ".Fake01." + fake("", 38), " ok", stays: [" ok"]),
            Secret("bot ", "OD" + "Qz" + fake("", 22) + ".Fake-1." + fake("", 27)),
            Secret("", "S" + "K" + hex), Secret("", "key" + "-" + hex), Secret("", "da" + "pi" + hex),
            Secret("got fake0Fake1fake.", "atlasv1" + "." + fake("", 60)),
            Secret("", "pat" + fake("", 14) + "." + hex + hex),
            Secret("", "1/" + "/0" + fake("", 50)), Secret("", "sha256" + "~" + fake("", 43)),
            Secret("", "AGE-SECRET-" + "KEY-1" + "FAKE0FAKE1FAKE0FAKE1FAKE0FAKE1FAKE0FAKE1FAKE0FAKE1FAKE0"),
            Secret("", "IQoJb3Jp" + "Z2lu" + fake("", 80) + "/+" + fake("", 20) + "=="),
            Secret("", "LS0tLS1CRUdJTi" + "BQUklWQVRF" + fake("", 40)), Secret("", "eyJhdXRo" + "cyI6" + fake("", 40)),
            Secret("", "gl" + "c_" + fake("", 50), " ok", stays: [" ok"]), Secret("", "sbp" + "_" + hex + "01234567"),
        ]
        + prefixes.map { Secret("found ", $0 + fake("", 64), ", told", stays: ["found ", ", told"]) }
        + exact.map { Secret("found '", $0 + fake("", $1), "' here", stays: ["found '", "' here"]) }

    private static let prefixes = [
        "api_" + "org_", "nva" + "pi-", "tgp_" + "v1_", "lsv2" + "_pt_", "tv" + "ly-", "glso" + "at-", "glf" + "t-",
        "GR134" + "8941", "ATA" + "TT3", "AT" + "BB", "BBD" + "C-", "dckr" + "_oat_", "CLO" + "JARS_", "bk" + "ua_",
        "CCI" + "PAT_", "CCI" + "PRJ_", "figd" + "_", "doo" + "_v1_", "HRK" + "U-", "fm" + "2_", "fm1" + "r_",
        "nf" + "p_",
        "sb_se" + "cret_", "vercel_" + "blob_rw_", "pscale" + "_tkn_", "pscale" + "_pw_", "xox" + "c-", "xox" + "d-",
        "xkey" + "sib-", "shp" + "ss_", "shp" + "ca_", "sq0" + "atp-", "sq0" + "csp-", "EA" + "AA", "FLW" + "SECK-",
        "shippo" + "_live_", "lin_" + "oauth_", "nt" + "n_", "CFP" + "AT-", "tf" + "p_", "rd" + "me_",
        "dp" + ".st.prod.",
        "dp" + ".pt.", "pn" + "u_", "ops_" + "eyJ" + fake("", 50), "NR" + "AK-", "NR" + "II-", "sntr" + "ys_",
        "sntr" + "yu_",
        "dt0" + "c01.", "ph" + "x_", "hv" + "r.", "eyJr" + "Ijoi",
    ]

    private static let exact: [(String, Int)] = [
        ("sec" + "ret_", 43), ("LT" + "AI", 20), ("AK" + "ID", 32), ("AQ" + "VN", 38), ("ic" + "o-", 32),
    ]

    static let hashes: [Secret] = [
        Secret("root:$6$", "saltsalt$" + fake("", 86), ":19000:0:", stays: ["root:$6$", ":19000:0:"]),
        Secret("root:$6$", "rounds=5000$saltsalt$" + fake("", 86), ":19000:0:", stays: [":19000:0:"]),
        Secret("root:$5$", "saltsalt$" + fake("", 43), ":1:", stays: [":1:"]),
        Secret("root:$1$", "saltsalt$" + fake("", 22), ":1:", stays: [":1:"]),
        Secret("root:$y$", "j9T$" + fake("", 22) + "$" + fake("", 43), ":1:", stays: [":1:"]),
        Secret("a:$2b$", "12$" + fake("", 53), "\n", stays: ["a:$2b$"]),
        Secret("a:$2y$", "05$" + fake("", 53), "\n"),
        Secret("a:$apr1$", "saltsalt$" + fake("", 22), "\n", stays: ["a:$apr1$"]),
        Secret("'$argon2id$", "v=19$m=65536,t=3,p=4$RmFrZQ$" + fake("", 43), "'", stays: ["argon2id"]),
        Secret("$scrypt$", "ln=16,r=8,p=1$RmFrZQ$" + fake("", 43), " x", stays: [" x"]),
        Secret("a:{SHA}", fake("", 27) + "=", "\n", stays: ["a:{SHA}"]),
        Secret("olcRootPW: {SSHA}", fake("", 32)), Secret("x {SSHA512}", fake("", 90)),
        Secret("| root | *", "81F5E21E35407D884A6CD4A731AEBFB6AF209E1B", " |", stays: ["| root | *", " |"]),
        Secret("IDENTIFIED BY PASSWORD '", "*81F5E21E35407D884A6CD4A731AEBFB6AF209E1B", "'"),
        Secret("(7, '", "pbkdf2" + "_sha256$260000$salt$" + fake("", 43) + "=", "')", stays: ["(7, '"]),
        Secret("x ", "scrypt" + ":32768:8:1$salt$" + fake("", 60)),
        Secret("x ", "SCRAM-" + "SHA-256$4096:" + fake("", 24) + "$" + fake("", 43) + ":" + fake("", 43)),
    ]
}
