extension SecretShape {
    static let all: [SecretShape] = models + forges + clouds + services + operations + hashes

    /// Language models.
    private static let models: [SecretShape] = [
        // OpenAI, Anthropic and others: `sk-`, `sk-proj-`, `sk-ant-`. Twenty bytes, so that `sk-learn` does not match.
        SecretShape("sk-", 20), SecretShape("sess-", 30), SecretShape("xai-", 30), SecretShape("gsk_", 30),
        SecretShape("pplx-", 30), SecretShape("r8_", 30), SecretShape("hf_", 25, nil, .alphanumeric),
        SecretShape("api_org_", 25, nil, .alphanumeric), SecretShape("nvapi-", 40), SecretShape("tgp_v1_", 30),
        SecretShape("csk-", 30, nil, .alphanumeric, alone: true), SecretShape("pcsk_", 30),
        SecretShape("lsv2_pt_", 30), SecretShape("lsv2_sk_", 30), SecretShape("tvly-", 20),
        SecretShape("wandb_v1_", 30),
    ]

    /// Code hosting, packages and builds.
    private static let forges: [SecretShape] = [
        // GitHub, GitLab, Bitbucket and Jira.
        SecretShape("ghp_", 20), SecretShape("gho_", 20), SecretShape("ghu_", 20), SecretShape("ghs_", 20),
        SecretShape("ghr_", 20), SecretShape("github_pat_", 20), SecretShape("glpat-", 16, dots: true),
        SecretShape("gldt-", 16), SecretShape("glrt-", 16, dots: true), SecretShape("glptt-", 16),
        SecretShape("glcbt-", 16), SecretShape("glft-", 16), SecretShape("glsoat-", 16), SecretShape("gloas-", 16),
        SecretShape("glimt-", 16), SecretShape("glagent-", 16), SecretShape("glffct-", 16),
        SecretShape("GR1348941", 20), SecretShape("ATATT3", 50, nil, .base64), SecretShape("ATCTT3", 50, nil, .base64),
        SecretShape("ATBB", 28, nil, .alphanumeric), SecretShape("BBDC-", 30, nil, .base64),
        // Packages and images.
        SecretShape("npm_", 30, nil, .alphanumeric), SecretShape("pypi-AgE", 30), SecretShape("dckr_pat_", 20),
        SecretShape("dckr_oat_", 20), SecretShape("rubygems_", 40, nil, .lowerHex),
        SecretShape("oy2", 43, 43, .lower | .digit), SecretShape("CLOJARS_", 50),
        SecretShape("AKCp", 60, 80, .alphanumeric),
        SecretShape("cmVmdGtu", 50, nil, .alphanumeric),
        // Builds, analyses, reviews.
        SecretShape("bkua_", 30), SecretShape("CCIPAT_", 30), SecretShape("CCIPRJ_", 30), SecretShape("sgp_", 40),
        SecretShape("squ_", 40, nil, .lowerHex), SecretShape("sqp_", 40, nil, .lowerHex),
        SecretShape("sqa_", 40, nil, .lowerHex), SecretShape("API-", 25, 32, .upper | .digit, alone: true),
        SecretShape("figd_", 30),
    ]

    private static let clouds: [SecretShape] = [
        // AWS: access keys, and session tokens, which are base64 with a constant beginning.
        SecretShape("AKIA", 16, 16, .upper | .digit), SecretShape("ASIA", 16, 16, .upper | .digit),
        SecretShape("ABIA", 16, 16, .upper | .digit), SecretShape("ACCA", 16, 16, .upper | .digit),
        SecretShape("IQoJb3JpZ2lu", 60, nil, .base64), SecretShape("FwoGZXIvYXdz", 60, nil, .base64),
        SecretShape("ABSK", 100, nil, .base64), SecretShape("bedrock-api-key-", 40, nil, .base64),
        // Google, Alibaba, Tencent, Yandex.
        SecretShape("AIza", 35, 35), SecretShape("ya29.", 20, dots: true), SecretShape("GOCSPX-", 20),
        SecretShape("1//0", 40), SecretShape("LTAI", 16, 20, .alphanumeric, alone: true),
        SecretShape("AKID", 32, 32, .alphanumeric), SecretShape("AQVN", 35, nil, .word, alone: true),
        // DigitalOcean, Heroku, Fly, Netlify, Supabase, Render, PlanetScale, Cloudflare, Databricks, OpenShift.
        SecretShape("dop_v1_", 40), SecretShape("doo_v1_", 40), SecretShape("dor_v1_", 40), SecretShape("HRKU-", 30),
        SecretShape("fm1r_", 40, nil, .base64), SecretShape("fm1a_", 40, nil, .base64),
        SecretShape("fm2_", 40, nil, .base64), SecretShape("fo1_", 40), SecretShape("nfp_", 30),
        SecretShape("sbp_", 40, nil, .lowerHex), SecretShape("sb_secret_", 20),
        SecretShape("rnd_", 28, nil, .alphanumeric),
        SecretShape("vercel_blob_rw_", 30), SecretShape("pscale_tkn_", 30, dots: true),
        SecretShape("pscale_pw_", 30, dots: true), SecretShape("pscale_oauth_", 30, dots: true),
        SecretShape("v1.0-", 100), SecretShape("dapi", 32, 32, .lowerHex), SecretShape("sha256~", 43, 43),
    ]

    private static let services: [SecretShape] = [
        // Slack, Twilio, mail.
        SecretShape("xoxb-", 10), SecretShape("xoxp-", 10), SecretShape("xoxa-", 10), SecretShape("xoxr-", 10),
        SecretShape("xoxs-", 10), SecretShape("xoxc-", 10), SecretShape("xoxd-", 10, nil, .base64 | .percent),
        SecretShape("xoxe-", 10), SecretShape("xoxe.", 10, dots: true), SecretShape("xapp-", 10),
        SecretShape("SK", 32, 32, .lowerHex, alone: true), SecretShape("SG.", 30, dots: true),
        SecretShape("key-", 32, 32, .lowerHex, alone: true), SecretShape("xkeysib-", 60), SecretShape("xsmtpsib-", 60),
        // Payments and shops.
        SecretShape("sk_live_", 10), SecretShape("rk_live_", 10), SecretShape("sk_test_", 10),
        SecretShape("rk_test_", 10), SecretShape("whsec_", 20, nil, .base64), SecretShape("shpat_", 30),
        SecretShape("shpca_", 30), SecretShape("shppa_", 30), SecretShape("shpss_", 30), SecretShape("shpua_", 30),
        SecretShape("sq0atp-", 20), SecretShape("sq0csp-", 30), SecretShape("EAAA", 56, nil, .word, alone: true),
        SecretShape("EAA", 100, nil, .alphanumeric, alone: true), SecretShape("EZAK", 50), SecretShape("EZTK", 50),
        SecretShape("FLWSECK-", 20), SecretShape("FLWSECK_TEST-", 12), SecretShape("shippo_live_", 30),
        SecretShape("access-production-", 30), SecretShape("access-sandbox-", 30), SecretShape("duffel_live_", 30),
        // Productivity and data.
        SecretShape("PMAK-", 30), SecretShape("lin_api_", 20), SecretShape("lin_oauth_", 20),
        SecretShape("ntn_", 30, nil, .alphanumeric), SecretShape("secret_", 43, 43, .alphanumeric),
        SecretShape("pat", 79, 79, dots: true), SecretShape("pat.", 60, dots: true), SecretShape("CFPAT-", 30),
        SecretShape("tfp_", 40), SecretShape("rdme_", 40), SecretShape("sk.eyJ", 30, dots: true),
    ]

    /// Server operations.
    private static let operations: [SecretShape] = [
        // Vault, Terraform (its individual part precedes this), Pulumi, Doppler, Infracost, Prefect, 1Password, age,
        // Tailscale.
        SecretShape("hvs.", 20, dots: true), SecretShape("hvb.", 20, dots: true), SecretShape("hvr.", 20, dots: true),
        SecretShape("atlasv1.", 50), SecretShape("pul-", 40, 40, .lowerHex), SecretShape("dp.st.", 30, dots: true),
        SecretShape("dp.pt.", 30, dots: true), SecretShape("dp.ct.", 30, dots: true),
        SecretShape("dp.sa.", 30, dots: true), SecretShape("dp.scim.", 30, dots: true),
        SecretShape("dp.audit.", 30, dots: true), SecretShape("ico-", 32, 32, .alphanumeric),
        SecretShape("pnu_", 36, nil, .alphanumeric), SecretShape("ops_eyJ", 100),
        SecretShape("AGE-SECRET-KEY-1", 40, nil, .upper | .digit), SecretShape("tskey-", 10),
        SecretShape("SWMKEY-1-", 40), SecretShape("SWMTKN-1-", 40),
        // K3s, and Ceph.
        SecretShape("K10", 64, nil, .word | .colon, alone: true), SecretShape("AQ", 38, 38, .base64, alone: true),
        // Grafana, New Relic, Sentry, Dynatrace, PostHog.
        SecretShape("glsa_", 20), SecretShape("glc_", 24, nil, .base64), SecretShape("eyJrIjoi", 40, nil, .base64),
        SecretShape("NRAK-", 20), SecretShape("NRII-", 20), SecretShape("NRRA-", 20),
        SecretShape("sntrys_", 30, nil, .base64), SecretShape("sntryu_", 30), SecretShape("dt0c01.", 40, dots: true),
        SecretShape("dt0s01.", 40, dots: true), SecretShape("phx_", 30),
        // The beginning of docker credentials and of private keys in base64. Certificates start differently.
        SecretShape("eyJhdXRocyI6", 20, nil, .base64), SecretShape("LS0tLS1CRUdJTiBQUklWQVRF", 20, nil, .base64),
        SecretShape("LS0tLS1CRUdJTiBSU0Eg", 20, nil, .base64), SecretShape("LS0tLS1CRUdJTiBFQyBQ", 20, nil, .base64),
        SecretShape("LS0tLS1CRUdJTiBPUEVOU1NI", 20, nil, .base64),
        SecretShape("LS0tLS1CRUdJTiBFTkNSWVBU", 20, nil, .base64),
        SecretShape("LS0tLS1CRUdJTiBEU0Eg", 20, nil, .base64),
        // The server's own access tokens.
        SecretShape("sre_", 43, 43), SecretShape("sre-agent-page-key.", 43),
    ]

    /// Password hashes as frameworks and databases store them; ``SecretScanner/crypt(at:)`` knows the others.
    private static let hashes: [SecretShape] = [
        SecretShape("pbkdf2_sha256$", 30, nil, .crypt), SecretShape("pbkdf2_sha1$", 30, nil, .crypt),
        SecretShape("pbkdf2:sha", 30, nil, .crypt | .colon), SecretShape("scrypt:", 40, nil, .crypt | .colon),
        SecretShape("SCRAM-SHA-256$", 30, nil, .crypt | .colon),
    ]
}
