//! The donation button in its three modes.

use super::*;

impl Shop {
    async fn opens_the_donation_page(&mut self, selector: &str, more: &[(&str, &str)]) {
        self.browser.click(selector).await;
        let src = self.browser.attribute(FRAME, "src").await.unwrap();
        let (path, query) = src.split_once('?').unwrap();
        assert_eq!(path, self.daemon.url(&format!("/donate/{}", self.key.api_key)));
        let query: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let mut expected: BTreeMap<String, String> = BTreeMap::from([
            ("embed".into(), "1".into()),
            ("origin".into(), self.site.origin()),
        ]);
        expected.extend(more.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        assert_eq!(query, expected);
        self.browser.key("Escape").await;
        self.browser
            .wait_for_truth("!document.querySelector('dialog')")
            .await;
        assert!(!self.is_open().await);
    }

    async fn warnings(&mut self) -> Vec<String> {
        let log = self.browser.console_log().await;
        let lines = log.iter().filter_map(Value::as_str);
        lines
            .filter(|line| line.contains("payd: "))
            .map(str::to_owned)
            .collect()
    }
}

#[tokio::test]
async fn the_button_stands_where_the_script_is() {
    let mut shop = Shop::open(false).await;
    let page = format!(
        "<main><h1>Blog</h1><p>Before</p>{}<p>After</p></main>",
        shop.snippet("donate-button.html")
    );
    shop.visit(&page).await;
    let place = "document.querySelector('script').nextElementSibling.shadowRoot.textContent";
    assert_eq!(shop.browser.evaluate(place).await, json!("Donate"));
    shop.opens_the_donation_page(".donate", &[]).await;
    let focus = "document.activeElement.shadowRoot?.activeElement?.className";
    assert_eq!(
        shop.browser.evaluate(focus).await,
        json!("donate"),
        "the focus came back"
    );
    assert_eq!(shop.browser.axe().await, Vec::<Value>::new());
    assert_eq!(shop.warnings().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_inline_button_stands_in_its_target() {
    let mut shop = Shop::open(false).await;
    let page = format!("<main><h1>Blog</h1>{}</main>", shop.snippet("donate-inline.html"));
    shop.visit(&page).await;
    let place = "document.querySelector('#crypto-donate > div').shadowRoot.textContent";
    assert_eq!(shop.browser.evaluate(place).await, json!("Donate"));
    shop.opens_the_donation_page("#crypto-donate .donate", &[]).await;
}

#[tokio::test]
async fn the_bar_covers_nothing_and_stays_away_once_it_was_dismissed() {
    let mut shop = Shop::open(false).await;
    let page = format!(
        "<main><h1>Blog</h1><p>Text</p>{}</main>",
        shop.snippet("donate-topbar.html")
    );
    shop.visit(&page).await;
    for (width, height) in [PHONE, DESKTOP] {
        shop.browser.view(width, height, Scheme::Light).await;
        let gap = "document.querySelector('h1').getBoundingClientRect().top - \
                   document.body.firstElementChild.shadowRoot.querySelector('.topbar').getBoundingClientRect().bottom";
        shop.browser.wait_for_truth(&format!("{gap} >= 0")).await;
    }
    assert_eq!(shop.browser.axe().await, Vec::<Value>::new());
    shop.opens_the_donation_page(".topbar .donate", &[]).await;
    let name = shop.browser.attribute(".topbar .dismiss", "aria-label").await;
    assert_eq!(name.as_deref(), Some("Hide this bar"));
    shop.browser.click(".topbar .dismiss").await;
    assert_eq!(shop.browser.count(".topbar").await, 0);
    let padding = "getComputedStyle(document.documentElement).paddingTop";
    assert_eq!(shop.browser.evaluate(padding).await, json!("0px"));
    shop.browser.reload().await;
    assert_eq!(shop.browser.count(".topbar").await, 0);
    assert_eq!(shop.warnings().await, Vec::<String>::new());
}

#[tokio::test]
async fn attributes_change_the_button_and_what_it_opens() {
    let mut shop = Shop::open(false).await;
    let script = shop.snippet("donate-button.html").replace(
        "></script>",
        " data-text=\"Buy us a <b>coffee</b>\" data-amounts=\"5, 10,25\" data-color=\"#fde047\"></script>",
    );
    shop.visit(&script).await;
    assert_eq!(shop.browser.text(".donate").await, "Buy us a <b>coffee</b>");
    let ink = "getComputedStyle(document.querySelector('script').nextElementSibling.shadowRoot.querySelector('.donate')).color";
    assert_eq!(
        shop.browser.evaluate(ink).await,
        json!("rgb(0, 0, 0)"),
        "black on yellow"
    );
    let more = [
        ("text", "Buy us a <b>coffee</b>"),
        ("amounts", "5,10,25"),
        ("color", "#fde047"),
    ];
    shop.opens_the_donation_page(".donate", &more).await;
}

#[tokio::test]
async fn attributes_that_make_no_sense_are_left_out_with_a_word_on_the_console() {
    let mut shop = Shop::open(false).await;
    let long = "x".repeat(201);
    let wrong = format!(
        " data-mode=\"banner\" data-text=\"{long}\" data-amounts=\"5,ten\" data-color=\"red;background:url(x)\" \
         data-target=\"nowhere\"></script>"
    );
    let script = shop.snippet("donate-button.html").replace("></script>", &wrong);
    shop.site.page("/", &script);
    shop.browser.open(&shop.site.url("/")).await;
    shop.browser.allow(&shop.daemon.url("/")).await;
    shop.browser.reload().await;
    let warnings = shop.warnings().await.join("\n");
    for name in ["data-mode", "data-text", "data-amounts", "data-color"] {
        assert!(
            warnings.contains(&format!("warning: payd: {name} is ignored")),
            "{warnings}"
        );
    }
    assert_eq!(shop.browser.text(".donate").await, "Donate");
    shop.opens_the_donation_page(".donate", &[]).await;

    shop.site.page(
        "/keyless",
        &format!(
            "<script src=\"{}\"></script>",
            shop.daemon.url("/donate-widget.js")
        ),
    );
    shop.browser.console_log().await;
    shop.browser.open(&shop.site.url("/keyless")).await;
    shop.browser.allow(&shop.daemon.url("/")).await;
    shop.browser.reload().await;
    assert_eq!(shop.browser.count(".donate").await, 0);
    assert!(
        shop.warnings()
            .await
            .join("\n")
            .contains("needs a src and data-store-key")
    );
}

#[tokio::test]
async fn without_javascript_there_is_nothing_where_the_button_would_be() {
    let options = Options {
        javascript: false,
        ..Options::default()
    };
    let mut shop = Shop::open_with(false, options).await;
    let page = format!("<p>Blog</p>{}", shop.snippet("donate-topbar.html"));
    shop.site.page("/", &page);
    shop.browser.open(&shop.site.url("/")).await;
    assert_eq!(shop.browser.text("body").await.trim(), "Blog");
}
