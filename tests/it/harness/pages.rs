//! What the gateways' pages show in place of a host and of keys, and the least that has to stand around what they show
//! as a part of a program.

use super::daemon::Key;
use super::samples::Sample;

/// The programs of soko's page that make a payment. The last prints the whole answer, the others the URL to pay at.
pub const SOKO_CREATE: [&str; 4] = ["create.php", "create.py", "create.js", "create.sh"];

/// The programs of cryptopayment's page that make an invoice.
pub const CRYPTOPAYMENT_CREATE: [&str; 3] = ["create.php", "create.mjs", "create.py"];

/// The command of PayHook's page that makes a payment and prints the answer.
pub fn payhook_create(host: &str, key: &Key) -> Sample {
    Sample::read("payhook/quickstart.sh")
        .with("https://api.payhook.app", host)
        .with("pk_...", &key.api_key)
}

/// One of [`SOKO_CREATE`].
pub fn soko_create(program: &str, host: &str, key: &Key) -> Sample {
    Sample::read(&format!("samples/soko/{program}"))
        .with("https://soko.ai", host)
        .with("your_api_key", &key.api_key)
        .with("your_api_secret", &key.api_secret)
}

/// The verification of soko's page: all of a handler but its first lines.
pub fn soko_webhook(secret: &str) -> Sample {
    Sample::read("samples/soko/webhook.php").preceded_by(&format!("<?php\n$webhookSecret = '{secret}';\n"))
}

/// The web page of Crypto Pay's documentation that makes a payment and leads the customer to it.
pub fn crypto_pay_create(host: &str, key: &Key) -> Sample {
    Sample::read("samples/crypto-pay/create.php")
        .with("https://crypto-pay.one", host)
        .with("pk_test_your_api_key", &key.api_key)
        .with("sk_test_your_api_secret", &key.api_secret)
}

/// The same of USDT Payments.
pub fn usdt_payments_create(host: &str, key: &Key) -> Sample {
    Sample::read("samples/usdt-payments/create.php")
        .with("https://usdt-payments.com", host)
        .with("pk_your_api_key", &key.api_key)
        .with("sk_your_api_secret", &key.api_secret)
}

/// One of [`CRYPTOPAYMENT_CREATE`]. The one in PHP is for a web page that leads the customer on; the others end where
/// they know the URL, and print it here.
pub fn cryptopayment_create(program: &str, host: &str, key: &Key) -> Sample {
    let sample = Sample::read(&format!("samples/cryptopayment/{program}"))
        .with("https://cryptopayment.center", host)
        .with("pk_your_key", &key.api_key)
        .with("sk_your_secret", &key.api_secret);
    match program {
        "create.php" => sample.preceded_by("<?php\n"),
        "create.mjs" => sample.followed_by("console.log(data.checkout_url);\n"),
        "create.py" => sample.followed_by("print(checkout_url)\n"),
        _ => panic!("the page has no {program}"),
    }
}

/// The webhook handler of cryptopayment's page.
pub fn cryptopayment_webhook(app_key: &str) -> Sample {
    Sample::read("samples/cryptopayment/webhook.php")
        .with("YOUR_APP_KEY_BASE64", app_key)
        .preceded_by("<?php\n")
}
