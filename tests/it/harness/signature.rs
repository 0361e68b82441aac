//! Checks webhook signatures as a shop would, from the pages' words alone and with none of payd's own code.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::receiver::Received;

/// How far a signature's time may be off, in seconds, by either page.
const TOLERANCE_S: u64 = 300;

/// Checks `X-PayHook-Signature: t=..,v1=..`, where `v1` is the hex HMAC-SHA256 of `t.body`.
///
/// # Errors
/// What is wrong with it.
pub fn check_payhook(request: &Received, secret: &str, now_s: u64) -> Result<(), String> {
    let header = request
        .header("x-payhook-signature")
        .ok_or("no X-PayHook-Signature")?;
    let (time, signature) = header
        .split_once(',')
        .and_then(|(time, signature)| Some((time.strip_prefix("t=")?, signature.strip_prefix("v1=")?)))
        .ok_or_else(|| format!("not of the form t=..,v1=..: {header}"))?;
    check_time(time, now_s)?;
    let signature = hex::decode(signature).map_err(|error| format!("{signature}: {error}"))?;
    let signed = [time.as_bytes(), b".", &request.body].concat();
    check(secret.as_bytes(), &signed, &signature)
}

/// Checks the headers of Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`, the latter
/// one or more `v1,BASE64` of the HMAC-SHA256 of `id.timestamp.body`, under the base64 behind the secret's `whsec_`.
///
/// # Errors
/// What is wrong with them.
pub fn check_standard(request: &Received, secret: &str, now_s: u64) -> Result<(), String> {
    let header = |name| request.header(name).ok_or_else(|| format!("no {name}"));
    let (id, time, signatures) = (
        header("webhook-id")?,
        header("webhook-timestamp")?,
        header("webhook-signature")?,
    );
    check_time(time, now_s)?;
    let key = secret
        .strip_prefix("whsec_")
        .ok_or("the secret does not begin with whsec_")?;
    let key = STANDARD
        .decode(key)
        .map_err(|error| format!("the secret is not base64: {error}"))?;
    let signed = [id.as_bytes(), b".", time.as_bytes(), b".", &request.body].concat();
    let mut last = Err(format!("no v1 signature in {signatures}"));
    for signature in signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")) {
        let signature = STANDARD
            .decode(signature)
            .map_err(|error| format!("{signature}: {error}"))?;
        last = check(&key, &signed, &signature);
        if last.is_ok() {
            break;
        }
    }
    last
}

/// Checks `X-Signature`, the hex HMAC-SHA256 of `X-Timestamp` and the body, as soko's page does.
///
/// # Errors
/// What is wrong with it.
pub fn check_soko(request: &Received, secret: &str, now_s: u64) -> Result<(), String> {
    let header = |name| request.header(name).ok_or_else(|| format!("no {name}"));
    let (time, signature) = (header("x-timestamp")?, header("x-signature")?);
    check_time(time, now_s)?;
    let signature = hex::decode(signature).map_err(|error| format!("{signature}: {error}"))?;
    check(
        secret.as_bytes(),
        &[time.as_bytes(), &request.body].concat(),
        &signature,
    )
}

/// The hex HMAC-SHA256 of a request, as clients of soko's API sign it.
pub fn sign_soko(secret: &str, timestamp: u64, method: &str, path: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(format!("{timestamp}{method}{path}{body}").as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn check_time(time: &str, now_s: u64) -> Result<(), String> {
    let time: u64 = time
        .parse()
        .map_err(|_| format!("not a time in seconds: {time}"))?;
    if time.abs_diff(now_s) > TOLERANCE_S {
        return Err(format!("signed at {time}, received at {now_s}"));
    }
    Ok(())
}

fn check(key: &[u8], signed: &[u8], signature: &[u8]) -> Result<(), String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| error.to_string())?;
    mac.update(signed);
    mac.verify_slice(signature)
        .map_err(|_| "the signature is not of these bytes".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::{Instant, UNIX_EPOCH};

    use super::*;

    fn request(headers: &[(&str, &str)], body: &str) -> Received {
        Received {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec().into(),
            at: Instant::now(),
            at_wall: UNIX_EPOCH,
        }
    }

    /// The example of the Standard Webhooks specification.
    #[test]
    fn the_standards_own_example_is_accepted_and_nothing_else() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = |signature, body| {
            let headers = [
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                ("webhook-timestamp", "1614265330"),
                ("webhook-signature", signature),
            ];
            request(&headers, body)
        };
        let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let body = r#"{"test": 2432232314}"#;
        assert_eq!(check_standard(&signed(good, body), secret, 1_614_265_330), Ok(()));
        let rotated = format!("v1,{} {good}", STANDARD.encode([7; 32]));
        assert_eq!(
            check_standard(&signed(&rotated, body), secret, 1_614_265_330),
            Ok(())
        );

        assert!(check_standard(&signed(good, r#"{"test":2432232314}"#), secret, 1_614_265_330).is_err());
        assert!(check_standard(&signed(good, body), "whsec_AAAA", 1_614_265_330).is_err());
        assert!(check_standard(&signed(good, body), secret, 1_614_265_330 + 301).is_err());
        assert!(check_standard(&request(&[], body), secret, 1_614_265_330).is_err());
    }

    /// The page's example, reckoned with openssl; and the same recipe over a webhook's time and body.
    #[test]
    fn sokos_signatures_are_those_of_its_page() {
        let body = r#"{"amount":"100"}"#;
        let signed = sign_soko(
            "your_api_secret",
            1_700_000_000,
            "POST",
            "/api/v1/payment/create",
            body,
        );
        assert_eq!(
            signed,
            "a0fc1e317afb07540b05a9e23b11a9d61c401be66a51f26f3a6533077d1410f7"
        );
        let signed = sign_soko("whsec", 1_700_000_000, "", "", body);
        let hook = |time| request(&[("X-Signature", &signed), ("X-Timestamp", time)], body);
        assert_eq!(check_soko(&hook("1700000000"), "whsec", 1_700_000_100), Ok(()));
        assert!(check_soko(&hook("1700000001"), "whsec", 1_700_000_100).is_err());
        assert!(check_soko(&hook("1700000000"), "other", 1_700_000_100).is_err());
        assert!(check_soko(&hook("1700000000"), "whsec", 1_700_000_301).is_err());
    }

    /// The signature was made by the verifier's own recipe in another language:
    /// `createHmac("sha256", "whsec").update('1700000000.{"a":1}').digest("hex")`.
    #[test]
    fn a_payhook_signature_holds_for_its_bytes_its_secret_and_its_time_only() {
        let header = "t=1700000000,v1=8ad37ba156048ae0e0a5533c75cdf26fee88b07f93cb57ee4c80adb053012032";
        let signed = |body| request(&[("X-PayHook-Signature", header)], body);
        assert_eq!(
            check_payhook(&signed(r#"{"a":1}"#), "whsec", 1_700_000_100),
            Ok(())
        );
        assert!(check_payhook(&signed(r#"{"a": 1}"#), "whsec", 1_700_000_100).is_err());
        assert!(check_payhook(&signed(r#"{"a":1}"#), "another", 1_700_000_100).is_err());
        assert!(check_payhook(&signed(r#"{"a":1}"#), "whsec", 1_700_000_301).is_err());
        assert!(check_payhook(&request(&[], r#"{"a":1}"#), "whsec", 1_700_000_100).is_err());
    }
}
