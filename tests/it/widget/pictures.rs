//! How it looks: the button, the bar and the inline button on a shop's page.

use super::*;

const STYLE: &str = "<style>body { margin: 0; font: 17px/1.6 Georgia, serif; color: #222; background: #fbf9f4 } \
                     main { max-width: 40rem; margin: 0 auto; padding: 2rem 1.25rem } \
                     @media (prefers-color-scheme: dark) { body { color: #ddd; background: #191816 } }</style>";

#[tokio::test]
async fn the_donation_button_can_be_looked_at_in_its_three_modes() {
    let mut shop = Shop::open(false).await;
    for (mode, snippet) in [
        ("button", shop.snippet("donate-button.html")),
        ("topbar", shop.snippet("donate-topbar.html")),
        ("inline", shop.snippet("donate-inline.html")),
        (
            "topbar-long",
            shop.snippet("donate-topbar.html").replace(
                "></script>",
                " data-color=\"#e11d48\" data-text=\"Keep our free library for wind and weather running: every coffee counts\"></script>",
            ),
        ),
    ] {
        let page = format!(
            "{STYLE}<main><h1>Notes on wind</h1><p>How a breeze is made, and where it goes when it is done.</p>{snippet}\
             <p>More tomorrow.</p></main>"
        );
        shop.visit(&page).await;
        shop.pictures(&format!("donate-{mode}")).await;
        let width = shop.browser.evaluate("document.documentElement.scrollWidth").await;
        assert_eq!(width, json!(DESKTOP.0), "{mode}");
    }
}
