//! The version of the settings moves on with each of them, and with nothing else that happens often.

use super::*;
use crate::store::settings_version;

async fn moves_on(database: &Database, sql: &'static str) -> bool {
    let changed = database.write(move |txn| {
        let before = settings_version::current(txn)?;
        assert!(txn.connection.execute(sql, [])? > 0, "{sql} changes a row");
        Ok::<_, StoreError>(settings_version::current(txn)? != before)
    });
    changed.await.unwrap()
}

#[tokio::test]
async fn whatever_is_set_of_a_store_makes_the_version_another_one() {
    let fixture = fixture();
    fixture
        .database
        .write(|txn| Ok::<_, StoreError>(shop(txn)))
        .await
        .unwrap();
    for sql in [
        "INSERT INTO stores (name, dialect, window_ms, cool_down_ms, tolerance_bps, late_policy, created_ms)
         VALUES ('other', 'soko', 1, 1, 0, 'flag', 1)",
        "UPDATE stores SET disabled_ms = 1 WHERE id = 1",
        "DELETE FROM stores WHERE name = 'other'",
        "INSERT INTO api_keys (id, store_id, mode, key_hash, hint, secret_sealed, created_ms)
         VALUES (1, 1, 'live', x'01', 'pk', x'02', 1)",
        "UPDATE api_keys SET revoked_ms = 1",
        "UPDATE api_keys SET allowed_networks = '10.0.0.0/8'",
        "UPDATE api_keys SET secret_sealed = x'03'",
        "DELETE FROM api_keys",
        "INSERT INTO accepted (store_id, place, slug, currency) VALUES (1, 0, 'bsc', 'usdt')",
        "UPDATE accepted SET currency = 'usdc'",
        "DELETE FROM accepted",
        "INSERT INTO store_rates (store_id, symbol, fiat, rate) VALUES (1, 'USDT', 'USD', '1')",
        "UPDATE store_rates SET rate = '2'",
        "DELETE FROM store_rates",
        "INSERT INTO brandings (store_id, colour, logo, logo_type, logo_hash, tagline, help_text, help_url)
         VALUES (1, '', x'', '', '', '', '', '')",
        "UPDATE brandings SET tagline = 'hello'",
        "DELETE FROM brandings",
        "INSERT INTO donation_pages (store_id, is_enabled, title, text, fiat, presets, colour, sends_webhooks)
         VALUES (1, 1, '', '', 'USD', '', '', 0)",
        "UPDATE donation_pages SET is_enabled = 0",
        "DELETE FROM donation_pages",
        "INSERT INTO widgets (store_id, is_enabled, origins, takes_amounts) VALUES (1, 1, '', 0)",
        "UPDATE widgets SET is_enabled = 0",
        "DELETE FROM widgets",
        "INSERT INTO wallets (store_id, network, way, account, mac, created_ms) VALUES (1, 'bsc', 'xpub', 'x', x'01', 1)",
        "UPDATE wallets SET retired_ms = 1",
        "INSERT INTO addresses (store_id, network, address, mac, way, created_ms) VALUES (1, 'bsc', '0xA', x'01', 'pool', 1)",
        "UPDATE addresses SET retired_ms = 1",
    ] {
        assert!(moves_on(&fixture.database, sql).await, "{sql}");
    }
}

#[tokio::test]
async fn what_every_payment_changes_leaves_the_version_alone() {
    let fixture = fixture();
    let prepared = fixture.database.write(|txn| {
        let shop = shop(txn);
        payments::insert(txn, new_payment(shop, "0xB", 1))?;
        txn.run_sql(
            "INSERT INTO wallets (id, store_id, network, way, account, mac, created_ms)
             VALUES (1, 1, 'bsc', 'xpub', 'x', x'01', 1)",
        )
    });
    prepared.await.unwrap();
    for sql in [
        "INSERT INTO addresses (store_id, network, address, mac, way, wallet_id, child_index, created_ms)
         VALUES (1, 'bsc', '0xA', x'01', 'xpub', 1, 0, 1)",
        "INSERT INTO addresses (store_id, network, address, mac, way, created_ms)
         VALUES (1, 'test-bsc', '0xC', x'01', 'pool', 1)",
        "UPDATE addresses SET held_by = 1, available_ms = 5",
        "UPDATE wallets SET next_index = 1, paid_index = 0",
        "UPDATE payments SET settle_due = 1",
    ] {
        assert!(!moves_on(&fixture.database, sql).await, "{sql}");
    }
}
