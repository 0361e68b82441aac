//! Where the words of a language are those of English. Everything else that equals English was forgotten.

/// Names, the same in every language.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "channel-field-url", "channel-ntfy", "channel-telegram", "payments-uuid", "start-api-cryptopayment",
    "start-api-soko", "start-api-usdt-payments",
];

/// By language: words that it shares with English.
#[rustfmt::skip]
pub(super) const SHARED: &[(&str, &[&str])] = &[
    ("de", &[
        "about-version", "branding-logo-label", "channel-field-chat", "channel-field-host", "channel-field-port",
        "channel-field-server", "channel-field-token", "counter-label", "docs-webhooks-title", "donate-optional",
        "gifts-link", "gifts-test", "gifts-text", "hooks-format", "hooks-format-label", "keys-mode-live",
        "keys-mode-test", "nav-nodes", "nav-webhooks", "nodes-header-example", "nodes-milliseconds",
        "nodes-provider", "nodes-span-hours", "nodes-span-minutes", "nodes-span-seconds", "notices-name-label",
        "overview-live", "overview-status-label", "overview-test", "payments-asset", "payments-code",
        "payments-mode-live", "payments-mode-test", "payments-origin-widget", "payments-status",
        "rates-symbol-label", "session-browser", "start-step-coins", "start-step-test", "start-step-webhook",
        "start-webhook-label", "stores-dialect-label", "stores-name-label", "stores-tab-coins", "topic-test",
        "widget-name",
    ]),
    ("es", &[
        "channel-field-chat", "channel-field-token", "docs-webhooks-title", "nav-webhooks",
        "nodes-header-example", "nodes-milliseconds", "nodes-span-hours", "nodes-span-minutes",
        "nodes-span-seconds", "nodes-tokens", "payments-origin-widget", "price-label", "start-step-webhook",
        "stores-dialect-label", "stores-tab-general",
    ]),
    ("fr", &[
        "about-licence", "about-version", "addresses-signature-label", "branding-logo-label", "channel-email",
        "channel-field-port", "channel-field-secret", "channel-security-starttls", "channel-security-tls",
        "confirmations-count-label", "detail-transaction", "docs-public", "docs-signature", "docs-webhooks-title",
        "gifts-message", "gifts-test", "hooks-format", "hooks-format-label", "hooks-secret-label",
        "inbox-transaction-label", "mark-note", "nav-docs", "nav-notices", "nav-webhooks", "nodes-confirmations",
        "nodes-milliseconds", "nodes-span-hours", "nodes-span-minutes", "nodes-span-seconds", "overview-test",
        "payments-code", "payments-description", "payments-mode", "payments-mode-test", "payments-note-title",
        "payments-origin-widget", "people-actions", "price-label", "start-step-test", "start-step-webhook",
        "stores-dialect-label", "stores-mode-label", "stores-tab-confirmations", "topic-test",
    ]),
    ("ja", &[
        "stores-dialect-label",
    ]),
    ("pt", &[
        "channel-email", "channel-field-chat", "channel-field-token", "detail-email", "docs-webhooks-title",
        "gifts-link", "nav-backup", "nav-webhooks", "nodes-header-example", "nodes-milliseconds",
        "nodes-span-hours", "nodes-span-minutes", "nodes-span-seconds", "nodes-tokens", "payments-origin-widget",
        "price-label", "start-step-webhook", "stores-dialect-label",
    ]),
    ("ru", &[
        "stores-dialect-label",
    ]),
];
