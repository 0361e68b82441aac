//! What happens to who tries keys.

use std::net::IpAddr;
use std::time::Duration;

use super::*;
use crate::ambient::SimulatedClock;
use crate::domain::time::UnixMillis;
use crate::web::limits::ClientAddress;

#[tokio::test]
async fn an_address_that_tries_keys_is_refused_before_its_key_is_looked_up() {
    let (engine, clock) = (
        answering(),
        Arc::new(SimulatedClock::starting_at(UnixMillis::new(0))),
    );
    let routes = routes_with(&engine, Arc::new(Limits::new(clock.clone())));
    let ask = async |key: &str, last: u8| {
        let client: ClientAddress = IpAddr::from([203, 0, 113, last]).into();
        let request = Request::get(format!("{PATH}{NUMBER}/"))
            .header("x-api-key", key)
            .extension(client);
        routes
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    };
    for _ in 0..20 {
        assert_eq!(ask("pk_wrong", 1).await.status(), StatusCode::UNAUTHORIZED);
    }
    let looked_up = engine.looked_up.load(Ordering::Relaxed);
    for key in ["pk_wrong", KEY] {
        let refused = ask(key, 1).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "3");
        let body = json!({
            "error": "too many calls with a wrong key came from this address; check the key and retry in 3 seconds",
            "code": "rate_limited",
        });
        assert_eq!(serde_json::from_str::<Value>(&text(refused).await).unwrap(), body);
    }
    assert_eq!(engine.looked_up.load(Ordering::Relaxed), looked_up);
    assert_eq!(ask(KEY, 2).await.status(), StatusCode::OK);
    clock.advance(Duration::from_secs(3));
    assert_eq!(ask(KEY, 1).await.status(), StatusCode::OK);
    for _ in 0..30 {
        ask("pk_wrong", 1).await;
        assert_eq!(ask(KEY, 1).await.status(), StatusCode::OK);
    }
}
