//! soko's API over HTTP against the real daemon, as its page tells it: direct payments, payments whose currency the
//! customer chooses, payments that wait for their turn, and every webhook of them.

mod attacks;
mod flows;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::harness::daemon::{Daemon, Endpoint, Key, Reply};
use crate::harness::receiver::{Received, Receiver};
use crate::harness::signature::{check_soko, sign_soko};
use crate::harness::wait_until;

const CREATE: &str = "/api/v1/payment/create";
const LIST: &str = "/api/v1/payments";

/// A store of soko's with a test key and an endpoint.
struct Shop {
    daemon: Daemon,
    key: Key,
    receiver: Receiver,
    endpoint: Endpoint,
}

impl Shop {
    async fn open() -> Self {
        let daemon = Daemon::start("").await;
        daemon.cli(&["store", "add", "shop", "--dialect", "soko", "--cool-down", "0s"]);
        let key = daemon.add_key("shop", "test");
        let receiver = Receiver::start().await;
        let endpoint = daemon.add_webhook("shop", &receiver.url("/hook"), "soko");
        Self {
            daemon,
            key,
            receiver,
            endpoint,
        }
    }

    /// A signed call of this moment. The query of `path` is not signed.
    async fn call(&self, method: &str, path: &str, body: &str) -> Reply {
        self.call_with(&self.key, method, path, body).await
    }

    async fn call_with(&self, key: &Key, method: &str, path: &str, body: &str) -> Reply {
        let now = now_s();
        let signed_path = path.split('?').next().unwrap();
        let signature = sign_soko(&key.api_secret, now, method, signed_path, body);
        let headers = [
            ("content-type", "application/json"),
            ("x-api-key", &key.api_key),
            ("x-timestamp", &now.to_string()),
            ("x-signature", &signature),
        ];
        self.daemon.send(method, path, &headers, body.to_owned()).await
    }

    /// What a call is answered that goes well.
    async fn data(&self, method: &str, path: &str, body: &str) -> Value {
        let reply = self.call(method, path, body).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let answer = reply.json();
        assert_eq!(answer["success"], true, "{reply:?}");
        answer["data"].clone()
    }

    async fn create(&self, body: &str) -> Value {
        self.data("POST", CREATE, body).await
    }

    async fn status(&self, id: &str) -> Value {
        self.data("GET", &format!("/api/v1/payment/{id}"), "").await
    }

    async fn wait_for_status(&self, id: &str, status: &str) -> Value {
        wait_until(&format!("{id} to be {status}"), || async {
            let now = self.status(id).await;
            (now["status"] == status).then_some(now)
        })
        .await
    }

    /// Has the customer do this with a test payment, as its page's panel does.
    async fn simulate(&self, id: &str, scenario: &str) {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let path = format!("/pay/{id}/simulate");
        let reply = self
            .daemon
            .send("POST", &path, &form, format!("scenario={scenario}"))
            .await;
        assert!(reply.status < 400, "{reply:?}");
    }

    /// What payd calls the payment of this order.
    fn number(&self, order: &str) -> String {
        let listed = self.daemon.cli_json(&["payment", "list", "--store", "shop"]);
        let all = listed["payments"].as_array().unwrap().iter();
        let found = all.into_iter().find(|payment| payment["order_id"] == order);
        text(found.unwrap(), "payment_number").to_owned()
    }

    /// The first webhook of this event about this payment, its signature checked.
    async fn told(&self, id: &str, event: &str) -> Received {
        let is_it = |request: &Received| {
            let body = request.json();
            body["event"] == event && body["payment_id"] == id
        };
        let told = self.receiver.wait_for_matching(1, is_it).await.remove(0);
        assert_eq!((&*told.method, &*told.path), ("POST", "/hook"));
        assert_eq!(told.header("content-type"), Some("application/json"));
        check_soko(&told, &self.endpoint.secret, told.at_unix_s()).unwrap();
        assert!(check_soko(&told, &self.key.api_secret, told.at_unix_s()).is_err());
        told
    }
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text {field} in {value}"))
}
